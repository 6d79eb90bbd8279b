from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("accounts", "0002_place_in_use")]

    operations = [
        migrations.AddField("slangword", "posts", models.PositiveIntegerField(default=0)),
        migrations.AddField("slangword", "voices", models.PositiveIntegerField(default=0)),
        migrations.AddField("slangword", "first_seen", models.DateField(null=True)),
    ]
