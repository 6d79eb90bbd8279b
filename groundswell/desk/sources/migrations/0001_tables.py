import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('sources', '0001_initial'), ('sources', '0002_reading_plan'), ('sources', '0003_rhythm_and_patience')]

    initial = True

    dependencies = [
        ('accounts', '0001_tables'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HostBudget',
            fields=[
                ('host', models.CharField(max_length=260, primary_key=True, serialize=False)),
                ('next_at', models.DateTimeField()),
                ('failures', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='RobotsFile',
            fields=[
                ('host', models.CharField(max_length=260, primary_key=True, serialize=False)),
                ('fetched_at', models.DateTimeField()),
                ('status', models.PositiveSmallIntegerField()),
                ('body', models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name='Source',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=60, unique=True)),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('name_en', models.CharField(blank=True, max_length=120, verbose_name='name in English')),
                ('owner', models.CharField(blank=True, max_length=120, verbose_name='run by')),
                ('channel', models.CharField(choices=[('news', 'News'), ('forum', 'Forums'), ('microblog', 'Microblogs'), ('video', 'Short video'), ('board', 'Message boards'), ('blog', 'Blogs'), ('official', 'Official'), ('other', 'Other')], max_length=12, verbose_name='channel')),
                ('kind', models.CharField(choices=[('feed', 'Feed (RSS, Atom, JSON)'), ('list', 'List page with articles'), ('board', 'Forum board with threads'), ('sitemap', 'Sitemap'), ('page', 'One page watched for change'), ('files', 'File drop (JSONL, CSV, XLSX)'), ('manual', 'Read by a person')], max_length=10, verbose_name='read as')),
                ('address', models.CharField(blank=True, max_length=1000, verbose_name='address')),
                ('options', models.JSONField(blank=True, default=dict)),
                ('ground', models.CharField(blank=True, max_length=200, verbose_name='ground on which it is read')),
                ('institutional', models.BooleanField(default=False, verbose_name='medium, public body or institutional account (its name is kept)')),
                ('official', models.BooleanField(default=False, verbose_name='speaks for a public body')),
                ('trust', models.FloatField(default=0.5, verbose_name='record of trust, 0–1')),
                ('sort_key', models.CharField(blank=True, db_index=True, max_length=200)),
                ('interval_minutes', models.PositiveIntegerField(default=30, verbose_name='read every (minutes)')),
                ('adapted_minutes', models.FloatField(blank=True, null=True)),
                ('state', models.CharField(choices=[('active', 'being read'), ('paused', 'paused'), ('proposed', 'proposed'), ('retired', 'retired')], default='active', max_length=10, verbose_name='state')),
                ('paused_until', models.DateTimeField(blank=True, null=True)),
                ('pause_reason', models.CharField(blank=True, max_length=200)),
                ('quiet_is_normal', models.BooleanField(default=False, verbose_name='alive, but quiet is normal')),
                ('next_fetch_at', models.DateTimeField(blank=True, db_index=True, null=True)),
                ('fetching_since', models.DateTimeField(blank=True, null=True)),
                ('etag', models.CharField(blank=True, max_length=400)),
                ('last_modified', models.CharField(blank=True, max_length=80)),
                ('content_hash', models.CharField(blank=True, max_length=64)),
                ('last_run_at', models.DateTimeField(blank=True, null=True)),
                ('last_success_at', models.DateTimeField(blank=True, null=True)),
                ('last_item_at', models.DateTimeField(blank=True, null=True)),
                ('failures', models.PositiveIntegerField(default=0)),
                ('last_cause', models.CharField(blank=True, max_length=40)),
                ('silent_since', models.DateTimeField(blank=True, null=True)),
                ('usual_per_day', models.FloatField(null=True)),
                ('rhythm', models.JSONField(default=dict)),
                ('counted_at', models.DateTimeField(null=True)),
                ('added_at', models.DateTimeField(auto_now_add=True)),
                ('version', models.PositiveIntegerField(default=0)),
                ('added_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to='accounts.place', verbose_name='place')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to='accounts.unit', verbose_name='unit')),
            ],
            options={
                'ordering': ['sort_key', 'id'],
            },
        ),
        migrations.CreateModel(
            name='FetchRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('seconds', models.FloatField(default=0)),
                ('outcome', models.CharField(max_length=12)),
                ('status', models.PositiveSmallIntegerField(null=True)),
                ('pages', models.PositiveIntegerField(default=0)),
                ('size_bytes', models.BigIntegerField(default=0)),
                ('seen', models.PositiveIntegerField(default=0)),
                ('new', models.PositiveIntegerField(default=0)),
                ('changed', models.PositiveIntegerField(default=0)),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='runs', to='sources.source')),
            ],
            options={
                'indexes': [models.Index(fields=['source', '-at'], name='sources_fet_source__3700d1_idx'), models.Index(fields=['-at'], name='sources_fet_at_e80b64_idx')],
            },
        ),
        migrations.CreateModel(
            name='Failure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('url', models.CharField(blank=True, max_length=2000)),
                ('cause', models.CharField(max_length=40)),
                ('args', models.JSONField(default=dict)),
                ('mend', models.CharField(blank=True, max_length=40)),
                ('run', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='failed', to='sources.fetchrun')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='failures_seen', to='sources.source')),
            ],
            options={
                'indexes': [models.Index(fields=['source', '-at'], name='sources_fai_source__1fb03e_idx')],
            },
        ),
        migrations.CreateModel(
            name='SeenPage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('url_hash', models.CharField(max_length=32)),
                ('fetched_at', models.DateTimeField()),
                ('etag', models.CharField(blank=True, max_length=400)),
                ('last_modified', models.CharField(blank=True, max_length=80)),
                ('content_hash', models.CharField(blank=True, max_length=64)),
                ('replies', models.IntegerField(null=True)),
                ('archive', models.CharField(blank=True, max_length=120)),
                ('due_at', models.DateTimeField(null=True)),
                ('failures', models.PositiveSmallIntegerField(default=0)),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='sources.source')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('source', 'url_hash'), name='one_page_each')],
            },
        ),
        migrations.CreateModel(
            name='ReadingDuty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('times', models.JSONField(default=list)),
                ('key_times', models.JSONField(default=list)),
                ('days', models.CharField(choices=[('daily', 'every day'), ('working', 'working days'), ('rest', 'days of rest')], default='daily', max_length=8)),
                ('since', models.DateTimeField(blank=True, null=True)),
                ('until', models.DateTimeField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=0)),
                ('reader', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reading_duties', to='sources.source')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('until', None)), fields=['source'], name='duty_present')],
            },
        ),
        migrations.CreateModel(
            name='Reading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('planned_at', models.DateTimeField(blank=True, null=True)),
                ('found', models.PositiveIntegerField(default=0)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('version', models.PositiveIntegerField(default=0)),
                ('reader', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='readings', to='sources.source')),
            ],
            options={
                'indexes': [models.Index(fields=['source', '-at'], name='sources_rea_source__58e1e7_idx'), models.Index(fields=['-at'], name='sources_rea_at_5addbe_idx')],
            },
        ),
    ]
