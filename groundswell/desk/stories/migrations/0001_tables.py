import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('stories', '0001_initial'), ('stories', '0002_rising_at'), ('stories', '0003_list_indexes'), ('stories', '0004_orders_by_index'), ('stories', '0005_kept_forecasts'), ('stories', '0006_outlook')]

    initial = True

    dependencies = [
        ('accounts', '0001_tables'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='GroupingState',
            fields=[
                ('name', models.CharField(default='shared', max_length=20, primary_key=True, serialize=False)),
                ('blob', models.BinaryField()),
                ('last_item', models.BigIntegerField(default=0)),
                ('saved_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='GroupingHand',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=8)),
                ('story', models.CharField(max_length=40)),
                ('into', models.CharField(blank=True, max_length=40)),
                ('keys', models.JSONField(default=list)),
                ('at', models.DateTimeField()),
                ('undone_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Story',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=20, unique=True)),
                ('engine_id', models.CharField(max_length=40, unique=True)),
                ('title', models.CharField(max_length=200)),
                ('title_by_hand', models.BooleanField(default=False)),
                ('digest', models.JSONField(default=list)),
                ('summary_by_hand', models.TextField(blank=True)),
                ('state', models.CharField(choices=[('new', 'New'), ('rising', 'Rising'), ('handling', 'Handling'), ('following', 'Following'), ('closed', 'Closed'), ('reopened', 'Reopened')], default='new', max_length=10)),
                ('level', models.PositiveSmallIntegerField(default=4)),
                ('level_by_hand', models.BooleanField(default=False)),
                ('suggested_level', models.PositiveSmallIntegerField(default=4)),
                ('level_score', models.FloatField(default=0)),
                ('level_factors', models.JSONField(default=dict)),
                ('level_why', models.JSONField(default=list)),
                ('credibility', models.CharField(default='medium', max_length=8)),
                ('credibility_why', models.JSONField(default=list)),
                ('unit_by_hand', models.BooleanField(default=False)),
                ('suggested_units', models.JSONField(default=list)),
                ('places', models.JSONField(default=list)),
                ('first_at', models.DateTimeField()),
                ('last_at', models.DateTimeField(db_index=True)),
                ('item_count', models.PositiveIntegerField(default=0)),
                ('source_count', models.PositiveIntegerField(default=0)),
                ('negative', models.PositiveIntegerField(default=0)),
                ('neutral', models.PositiveIntegerField(default=0)),
                ('positive', models.PositiveIntegerField(default=0)),
                ('about_us', models.BooleanField(default=True)),
                ('series', models.JSONField(default=list)),
                ('series_start', models.DateTimeField(null=True)),
                ('rate', models.FloatField(default=0)),
                ('rate_change', models.FloatField(default=0)),
                ('forecast', models.JSONField(null=True)),
                ('outlook', models.JSONField(default=dict)),
                ('above', models.FloatField(default=0)),
                ('trend', models.CharField(default='new', max_length=10)),
                ('rising_at', models.DateTimeField(blank=True, null=True)),
                ('follow_until', models.DateTimeField(blank=True, null=True)),
                ('dirty_since', models.DateTimeField(db_index=True, null=True)),
                ('scored_at', models.DateTimeField(null=True)),
                ('blob', models.BinaryField(null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=0)),
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='absorbed', to='stories.story')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='stories', to='accounts.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['state', '-above'], name='stories_sto_state_cebef6_idx'), models.Index(fields=['-last_at'], name='stories_sto_last_at_8e37c3_idx'), models.Index(fields=['level', '-last_at'], name='stories_sto_level_850016_idx'), models.Index(fields=['unit', '-last_at'], name='stories_sto_unit_id_63caea_idx'), models.Index(condition=models.Q(('item_count__gt', 0), ('merged_into__isnull', True)), fields=['-above', 'level', '-last_at'], name='story_order'), models.Index(condition=models.Q(('item_count__gt', 0), ('merged_into__isnull', True)), fields=['state', 'last_at'], include=('id', 'item_count', 'level', 'unit', 'about_us'), name='story_tabs'), models.Index(condition=models.Q(('item_count__gt', 0), ('merged_into__isnull', True)), fields=['level', '-above'], name='story_by_level'), models.Index(condition=models.Q(('item_count__gt', 0), ('merged_into__isnull', True)), fields=['-first_at'], name='story_by_first'), models.Index(condition=models.Q(('item_count__gt', 0), ('merged_into__isnull', True)), fields=['-item_count'], name='story_by_count'), models.Index(condition=models.Q(('closed_at__isnull', False)), fields=['closed_at'], name='story_closed')],
            },
        ),
        migrations.CreateModel(
            name='KeptForecast',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('made_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('expected', models.FloatField()),
                ('low80', models.FloatField()),
                ('high80', models.FloatField()),
                ('unchanged', models.FloatField()),
                ('shown', models.BooleanField(default=True)),
                ('came', models.PositiveIntegerField(null=True)),
                ('story', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='kept_forecasts', to='stories.story')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('came__isnull', True)), fields=['due_at'], name='forecast_waiting'), models.Index(fields=['story', '-made_at'], name='stories_kep_story_i_e11cc5_idx'), models.Index(fields=['made_at'], include=('expected', 'low80', 'high80', 'unchanged', 'came'), name='forecast_by_time')],
            },
        ),
    ]
