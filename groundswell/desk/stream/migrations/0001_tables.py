import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('stream', '0001_initial'), ('stream', '0002_rare_items'), ('stream', '0003_facets_by_index'), ('stream', '0004_correction_data'), ('stream', '0005_items_looked_at')]

    initial = True

    dependencies = [
        ('accounts', '0001_tables'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('sources', '0001_tables'),
        ('stories', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Item',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=32, unique=True)),
                ('channel', models.CharField(max_length=12)),
                ('kind', models.CharField(default='article', max_length=10)),
                ('url', models.CharField(blank=True, max_length=2000)),
                ('title', models.CharField(blank=True, max_length=500)),
                ('text', models.TextField(blank=True)),
                ('published_at', models.DateTimeField(null=True)),
                ('published_stamp', models.CharField(blank=True, max_length=32)),
                ('collected_at', models.DateTimeField()),
                ('author', models.CharField(blank=True, max_length=120)),
                ('voice', models.CharField(blank=True, max_length=16)),
                ('institutional', models.BooleanField(default=False)),
                ('parent', models.CharField(blank=True, max_length=32)),
                ('reads', models.IntegerField(null=True)),
                ('likes', models.IntegerField(null=True)),
                ('comments', models.IntegerField(null=True)),
                ('reposts', models.IntegerField(null=True)),
                ('archive', models.CharField(blank=True, max_length=120)),
                ('gone_at', models.DateTimeField(null=True)),
                ('judged_at', models.DateTimeField(null=True)),
                ('lexicon', models.CharField(blank=True, max_length=32)),
                ('lang', models.CharField(blank=True, max_length=8)),
                ('tokens', django.contrib.postgres.search.SearchVectorField(null=True)),
                ('signature', models.BinaryField(null=True)),
                ('about_us', models.BooleanField(default=False)),
                ('advert', models.BooleanField(default=False)),
                ('units', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ('places', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ('watches', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list, size=None)),
                ('tone', models.SmallIntegerField(default=0)),
                ('tone_unsure', models.BooleanField(default=True)),
                ('toward_body', models.SmallIntegerField(default=0)),
                ('level', models.PositiveSmallIntegerField(default=4)),
                ('credibility', models.CharField(default='medium', max_length=8)),
                ('judged', models.JSONField(default=dict)),
                ('duplicate_of', models.CharField(blank=True, max_length=32)),
                ('copies', models.PositiveIntegerField(default=0)),
                ('state', models.CharField(choices=[('arrived', 'Arrived'), ('open', 'To triage'), ('in_story', 'In a story'), ('not_us', 'Not about us'), ('aside', 'Set aside')], default='arrived', max_length=10)),
                ('state_by_hand', models.BooleanField(default=False)),
                ('reason', models.CharField(blank=True, max_length=20)),
                ('tone_by_hand', models.BooleanField(default=False)),
                ('unit_by_hand', models.BooleanField(default=False)),
                ('story_confidence', models.FloatField(default=0)),
                ('suggested_confidence', models.FloatField(default=0)),
                ('snoozed_until', models.DateTimeField(blank=True, null=True)),
                ('for_bulletin', models.BooleanField(default=False)),
                ('version', models.PositiveIntegerField(default=0)),
                ('entered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='sources.source')),
                ('story', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='items', to='stories.story')),
                ('suggested_story', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='stories.story')),
                ('unit', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='items', to='accounts.unit')),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['tokens'], name='item_tokens'), models.Index(condition=models.Q(('state', 'open')), fields=['-id'], name='item_open'), models.Index(condition=models.Q(('state', 'arrived')), fields=['id'], name='item_arrived'), models.Index(condition=models.Q(('state', 'not_us')), fields=['-id'], name='item_not_us'), models.Index(condition=models.Q(('duplicate_of', ''), _negated=True), fields=['duplicate_of'], name='item_copies'), models.Index(fields=['story', '-published_at'], name='item_story'), models.Index(fields=['source', '-id'], name='item_source'), models.Index(fields=['unit', '-id'], name='item_unit'), models.Index(condition=models.Q(('state', 'aside')), fields=['id'], name='item_aside'), models.Index(fields=['-id'], include=('channel', 'tone', 'unit', 'watches', 'state', 'about_us', 'advert', 'source', 'snoozed_until'), name='item_facets'), models.Index(fields=['-published_at'], name='item_published'), models.Index(fields=['-collected_at'], name='item_collected'), models.Index(condition=models.Q(('about_us', True)), fields=['collected_at'], name='item_about_us'), django.contrib.postgres.indexes.GinIndex(fields=['watches'], name='item_watches'), models.Index(condition=models.Q(('state_by_hand', True), ('tone_by_hand', True), ('unit_by_hand', True), _connector='OR'), fields=['-collected_at'], name='item_looked_at')],
            },
        ),
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('field', models.CharField(max_length=20)),
                ('was', models.CharField(blank=True, max_length=80)),
                ('became', models.CharField(blank=True, max_length=80)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('data', models.JSONField(db_default={}, default=dict)),
                ('at', models.DateTimeField()),
                ('undone_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('story', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='corrections', to='stories.story')),
                ('item', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='corrections', to='stream.item')),
            ],
            options={
                'indexes': [models.Index(fields=['field', '-at'], name='correction_by_field')],
            },
        ),
        migrations.CreateModel(
            name='ItemVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('replaced_at', models.DateTimeField()),
                ('title', models.CharField(blank=True, max_length=500)),
                ('text', models.TextField(blank=True)),
                ('archive', models.CharField(blank=True, max_length=120)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='stream.item')),
            ],
        ),
        migrations.CreateModel(
            name='Watch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=60, unique=True)),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('name_en', models.CharField(blank=True, max_length=120, verbose_name='name in English')),
                ('query', models.TextField(max_length=4000, verbose_name='query')),
                ('state', models.CharField(default='enabled', max_length=10)),
                ('expires_on', models.DateField(blank=True, null=True, verbose_name='expires on')),
                ('sort_key', models.CharField(blank=True, max_length=200)),
                ('changed_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=0)),
                ('added_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='watches', to='accounts.unit', verbose_name='unit')),
            ],
            options={
                'ordering': ['sort_key', 'id'],
            },
        ),
        migrations.RunSQL(
            sql='alter table stream_item set (autovacuum_vacuum_insert_scale_factor = 0.01, autovacuum_vacuum_scale_factor = 0.02)',
            reverse_sql='alter table stream_item reset (autovacuum_vacuum_insert_scale_factor, autovacuum_vacuum_scale_factor)',
        ),
    ]
