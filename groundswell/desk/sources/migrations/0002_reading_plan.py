from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("sources", "0001_initial")]

    operations = [
        migrations.AddField("readingduty", "key_times", models.JSONField(default=list)),
        migrations.AddField(
            "readingduty",
            "days",
            models.CharField(
                choices=[("daily", "every day"), ("working", "working days"), ("rest", "days of rest")], default="daily", max_length=8
            ),
        ),
        migrations.AddField("readingduty", "since", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("readingduty", "until", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("readingduty", "version", models.PositiveIntegerField(default=0)),
        migrations.AddIndex("readingduty", models.Index(condition=models.Q(("until", None)), fields=["source"], name="duty_present")),
        migrations.AddField("reading", "planned_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("reading", "version", models.PositiveIntegerField(default=0)),
    ]
