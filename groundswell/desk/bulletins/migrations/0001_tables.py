import django.db.models.deletion
import groundswell.desk.bulletins.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('bulletins', '0001_initial'), ('bulletins', '0002_bulletin_work'), ('bulletins', '0003_series_serial'), ('bulletins', '0004_language_behind')]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('stories', '0001_tables'),
        ('stream', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='KeyPeriod',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('since', models.DateField(verbose_name='from')),
                ('until', models.DateField(verbose_name='to')),
            ],
            options={
                'ordering': ['-since'],
            },
        ),
        migrations.CreateModel(
            name='Series',
            fields=[
                ('code', models.SlugField(max_length=20, primary_key=True, serialize=False)),
                ('serial', models.PositiveIntegerField(default=groundswell.desk.bulletins.models.next_serial, editable=False, unique=True)),
                ('name', models.CharField(max_length=40, verbose_name='masthead')),
                ('name_en', models.CharField(blank=True, max_length=80, verbose_name='masthead in English')),
                ('office', models.CharField(blank=True, max_length=60, verbose_name='office')),
                ('office_en', models.CharField(blank=True, max_length=100, verbose_name='office in English')),
                ('clock_times', models.JSONField(default=list)),
                ('key_period_times', models.JSONField(default=list)),
                ('remind_minutes', models.PositiveIntegerField(default=60, verbose_name='remind (minutes before)')),
                ('sections', models.JSONField(default=list)),
                ('classification', models.CharField(blank=True, max_length=40, verbose_name='mark')),
                ('report_to', models.CharField(blank=True, max_length=200, verbose_name='reported to')),
                ('send_to', models.CharField(blank=True, max_length=200, verbose_name='sent to')),
                ('issue_to', models.CharField(blank=True, max_length=200, verbose_name='issued to')),
                ('copies', models.PositiveIntegerField(default=12, verbose_name='copies printed')),
                ('length_limit', models.PositiveIntegerField(default=120, verbose_name='characters an item')),
                ('total_before', models.PositiveIntegerField(default=0, verbose_name='issues before this program')),
                ('number_before', models.PositiveIntegerField(default=0, verbose_name='of them in the year of the start')),
                ('number_before_year', models.PositiveSmallIntegerField(default=0, verbose_name='year of the start')),
                ('most_pieces', models.PositiveSmallIntegerField(default=12, verbose_name='items an issue')),
                ('is_active', models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name='Issue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('year', models.PositiveSmallIntegerField()),
                ('number', models.PositiveIntegerField(null=True)),
                ('total', models.PositiveIntegerField(null=True)),
                ('state', models.CharField(choices=[('picking', 'Picking'), ('arranging', 'Arranging'), ('checking', 'Checking'), ('signing', 'For signature'), ('issued', 'Issued'), ('carried', 'Carried over')], default='picking', max_length=10)),
                ('window_from', models.DateTimeField()),
                ('window_to', models.DateTimeField()),
                ('due_at', models.DateTimeField(db_index=True)),
                ('reminded_at', models.DateTimeField(null=True)),
                ('missed_at', models.DateTimeField(null=True)),
                ('checked_at', models.DateTimeField(null=True)),
                ('signed_at', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('submitted_at', models.DateTimeField(null=True)),
                ('return_comment', models.TextField(blank=True)),
                ('by_clock', models.BooleanField(default=True)),
                ('frozen', models.JSONField(null=True)),
                ('frozen_hash', models.CharField(blank=True, max_length=64)),
                ('version', models.PositiveIntegerField(default=0)),
                ('carried_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='carried_from', to='bulletins.issue')),
                ('checker', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('editor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('signer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('series', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='issues', to='bulletins.series')),
            ],
            options={
                'ordering': ['-due_at'],
                'constraints': [models.UniqueConstraint(fields=('series', 'year', 'number'), name='one_number_each_year'), models.UniqueConstraint(fields=('series', 'total'), name='one_total_each'), models.UniqueConstraint(fields=('series', 'due_at'), name='one_issue_each_clock')],
            },
        ),
        migrations.CreateModel(
            name='IssueItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('section', models.CharField(max_length=20)),
                ('position', models.PositiveIntegerField()),
                ('title', models.CharField(max_length=200)),
                ('text', models.TextField(blank=True)),
                ('advice', models.TextField(blank=True)),
                ('title_en', models.CharField(blank=True, max_length=300)),
                ('text_en', models.TextField(blank=True)),
                ('advice_en', models.TextField(blank=True)),
                ('behind', models.CharField(blank=True, max_length=2)),
                ('level', models.PositiveSmallIntegerField(default=4)),
                ('citations', models.JSONField(default=list)),
                ('figures', models.JSONField(default=dict)),
                ('drafted_by_machine', models.BooleanField(default=True)),
                ('origin', models.CharField(choices=[('machine', "Machine's draft"), ('person', 'Written by a person'), ('correction', 'Correction notice')], default='machine', max_length=10)),
                ('picked_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=0)),
                ('cited', models.ManyToManyField(blank=True, related_name='cited_in', to='stream.item')),
                ('corrects', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='bulletins.issueitem')),
                ('corrects_issue', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='bulletins.issue')),
                ('issue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pieces', to='bulletins.issue')),
                ('item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='printed_in', to='stream.item')),
                ('picked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('story', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='printed_in', to='stories.story')),
                ('written_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='CheckComment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('text', models.TextField()),
                ('settled_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('settled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('issue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='bulletins.issue')),
                ('piece', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='bulletins.issueitem')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Mark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('note', models.CharField(blank=True, max_length=200)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('story', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='bulletin_mark', to='stories.story')),
            ],
        ),
        migrations.CreateModel(
            name='Recipient',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail')),
                ('language', models.CharField(default='zh-hans', max_length=10, verbose_name='language')),
                ('is_active', models.BooleanField(default=True)),
                ('series', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recipients', to='bulletins.series')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Dispatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(default='waiting', max_length=8)),
                ('tries', models.PositiveIntegerField(default=0)),
                ('at', models.DateTimeField(null=True)),
                ('next_try_at', models.DateTimeField(null=True)),
                ('cause', models.CharField(blank=True, max_length=20)),
                ('error', models.CharField(blank=True, max_length=300)),
                ('issue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='dispatches', to='bulletins.issue')),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='bulletins.recipient')),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['next_try_at'], name='dispatch_waiting')],
                'constraints': [models.UniqueConstraint(fields=('issue', 'recipient'), name='one_dispatch_each')],
            },
        ),
    ]
