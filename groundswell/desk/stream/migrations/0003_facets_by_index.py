"""Facets and counts of the stream from one index; pages stay visible to it while items stream in."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("stream", "0002_rare_items")]

    operations = [
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["unit", "-id"], name="item_unit"),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(condition=models.Q(("state", "aside")), fields=["id"], name="item_aside"),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(
                fields=["-id"],
                include=("channel", "tone", "unit", "watches", "state", "about_us", "advert", "source", "snoozed_until"),
                name="item_facets",
            ),
        ),
        migrations.AlterField(
            model_name="item",
            name="unit",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="items",
                to="accounts.unit",
            ),
        ),
        migrations.RunSQL(
            "alter table stream_item set (autovacuum_vacuum_insert_scale_factor = 0.01, autovacuum_vacuum_scale_factor = 0.02)",
            "alter table stream_item reset (autovacuum_vacuum_insert_scale_factor, autovacuum_vacuum_scale_factor)",
        ),
    ]
