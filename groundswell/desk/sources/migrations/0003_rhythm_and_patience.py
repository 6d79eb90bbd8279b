"""What is usual at a source by hour, who added it, and patience with pages that failed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

STATES = [("active", "being read"), ("paused", "paused"), ("proposed", "proposed"), ("retired", "retired")]


class Migration(migrations.Migration):
    dependencies = [("sources", "0002_reading_plan"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.AddField("seenpage", "failures", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField(
            "source",
            "added_by",
            models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField("source", "counted_at", models.DateTimeField(null=True)),
        migrations.AddField("source", "rhythm", models.JSONField(default=dict)),
        migrations.AddField("source", "usual_per_day", models.FloatField(null=True)),
        migrations.AlterField("source", "state", models.CharField(choices=STATES, default="active", max_length=10, verbose_name="state")),
    ]
