"""Every order of the list of stories by an index."""

from django.db import migrations, models

SHOWN = models.Q(("item_count__gt", 0), ("merged_into__isnull", True))


class Migration(migrations.Migration):
    dependencies = [("stories", "0003_list_indexes")]

    operations = [
        migrations.AddIndex(model_name="story", index=models.Index(condition=SHOWN, fields=fields, name=name))
        for name, fields in (
            ("story_by_level", ["level", "-above"]),
            ("story_by_first", ["-first_at"]),
            ("story_by_count", ["-item_count"]),
        )
    ]
