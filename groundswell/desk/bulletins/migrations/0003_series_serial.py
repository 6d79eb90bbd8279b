"""Each series gets an integer, by which its timeline knows it."""

import groundswell.desk.bulletins.models
from django.db import migrations, models


def number(apps, schema_editor):
    for serial, series in enumerate(apps.get_model("bulletins", "Series").objects.order_by("code"), 1):
        series.serial = serial
        series.save(update_fields=["serial"])


class Migration(migrations.Migration):
    dependencies = [("bulletins", "0002_bulletin_work")]

    operations = [
        migrations.AddField("series", "serial", models.PositiveIntegerField(null=True, editable=False)),
        migrations.RunPython(number, migrations.RunPython.noop),
        migrations.AlterField(
            "series",
            "serial",
            models.PositiveIntegerField(default=groundswell.desk.bulletins.models.next_serial, editable=False, unique=True),
        ),
    ]
