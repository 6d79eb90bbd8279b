import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('alerts', '0001_initial')]

    initial = True

    dependencies = [
        ('accounts', '0001_tables'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('sources', '0001_tables'),
        ('stories', '0001_tables'),
        ('stream', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Channel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=32, unique=True)),
                ('kind', models.CharField(choices=[('mail', 'E-mail'), ('webhook', 'Webhook'), ('wecom', 'WeCom robot'), ('dingtalk', 'DingTalk robot'), ('feishu', 'Feishu robot'), ('sms', 'SMS gateway')], max_length=10)),
                ('name', models.CharField(max_length=60)),
                ('name_en', models.CharField(blank=True, max_length=80)),
                ('state', models.CharField(choices=[('on', 'switched on'), ('off', 'switched off')], default='on', max_length=4)),
                ('language', models.CharField(default='zh-hans', max_length=10)),
                ('sealed_address', models.TextField(blank=True)),
                ('host', models.CharField(blank=True, max_length=260)),
                ('sealed_secret', models.TextField(blank=True)),
                ('method', models.CharField(default='POST', max_length=6)),
                ('headers', models.TextField(blank=True)),
                ('body', models.TextField(blank=True)),
                ('success_field', models.CharField(blank=True, max_length=80)),
                ('success_value', models.CharField(blank=True, max_length=80)),
                ('changed_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=0)),
                ('changed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Rule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('name_en', models.CharField(blank=True, max_length=80)),
                ('about', models.CharField(choices=[('story', 'a story'), ('source', 'the silence of a source')], default='story', max_length=6)),
                ('state', models.CharField(choices=[('proposed', 'proposed'), ('enabled', 'at work'), ('paused', 'paused')], max_length=8)),
                ('level', models.PositiveSmallIntegerField(null=True)),
                ('rose', models.BooleanField(default=False)),
                ('above', models.FloatField(null=True)),
                ('least_items', models.PositiveIntegerField(default=3)),
                ('silent_hours', models.PositiveSmallIntegerField(null=True)),
                ('night_level', models.PositiveSmallIntegerField(default=2)),
                ('group_minutes', models.PositiveIntegerField(default=120)),
                ('accept_minutes', models.PositiveSmallIntegerField(default=15)),
                ('attend_minutes', models.PositiveSmallIntegerField(default=30)),
                ('enabled_at', models.DateTimeField(null=True)),
                ('changed_at', models.DateTimeField()),
                ('version', models.PositiveIntegerField(default=0)),
                ('added_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('channels', models.ManyToManyField(blank=True, related_name='rules', to='alerts.channel')),
                ('place', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.place')),
                ('source', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sources.source')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit')),
                ('watch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='alert_rules', to='stream.watch')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('about', 'source'), ('silent_hours__isnull', False)), models.Q(('about', 'story'), ('level__isnull', False)), models.Q(('about', 'story'), ('above__isnull', False)), models.Q(('about', 'story'), ('watch__isnull', False)), models.Q(('about', 'story'), ('place__isnull', False)), models.Q(('about', 'story'), ('source__isnull', False)), models.Q(('about', 'story'), ('unit__isnull', False)), _connector='OR'), name='alert_rule_says_when'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'enabled'), _negated=True), ('enabled_at__isnull', False), _connector='OR'), name='enabled_since')],
            },
        ),
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=20, unique=True)),
                ('state', models.CharField(choices=[('open', 'Nobody has it'), ('accepted', 'Somebody has it'), ('returned', 'Open again'), ('done', 'Dealt with')], default='open', max_length=8)),
                ('level', models.PositiveSmallIntegerField(null=True)),
                ('reason', models.JSONField(default=list)),
                ('seen', models.JSONField(default=dict)),
                ('news', models.PositiveSmallIntegerField(default=0)),
                ('raised_at', models.DateTimeField()),
                ('starts_at', models.DateTimeField()),
                ('told_at', models.DateTimeField()),
                ('attend_minutes', models.PositiveSmallIntegerField()),
                ('next_at', models.DateTimeField(null=True)),
                ('accepted_at', models.DateTimeField(null=True)),
                ('done_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, choices=[('right', 'It was right to call'), ('not_right', 'A false alarm')], max_length=10)),
                ('version', models.PositiveIntegerField(default=0)),
                ('accepted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('done_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('source', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='alerts', to='sources.source')),
                ('story', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='alerts', to='stories.story')),
                ('rule', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='alerts', to='alerts.rule')),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(condition=models.Q(('next_at__isnull', False)), fields=['next_at'], name='alert_chain'), models.Index(fields=['state', '-raised_at'], name='alert_by_state'), models.Index(fields=['story', '-id'], name='alert_of_story')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('source', None), ('story__isnull', False)), models.Q(('source__isnull', False), ('story', None)), _connector='OR'), name='alert_on_one_thing'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'accepted'), _negated=True), models.Q(('accepted_at__isnull', False), ('accepted_by__isnull', False)), _connector='OR'), name='somebody_accepted'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), models.Q(('done_at__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='done_says_what_came')],
            },
        ),
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('no', models.PositiveSmallIntegerField()),
                ('part', models.CharField(choices=[('duty', 'Duty officer'), ('leader', 'Leader on duty'), ('first', 'First leader')], max_length=8)),
                ('minutes', models.PositiveSmallIntegerField()),
                ('channels', models.JSONField(default=list)),
                ('due_at', models.DateTimeField()),
                ('fired_at', models.DateTimeField(null=True)),
                ('ended', models.CharField(blank=True, choices=[('passed', 'not accepted in time'), ('accepted', 'accepted'), ('nobody', 'nobody stands there')], max_length=8)),
                ('ended_at', models.DateTimeField(null=True)),
                ('alert', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='alerts.alert')),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('people', models.ManyToManyField(related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['no'],
                'constraints': [models.UniqueConstraint(fields=('alert', 'no'), name='each_step_once')],
            },
        ),
        migrations.CreateModel(
            name='Sending',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=80, unique=True)),
                ('to', models.CharField(blank=True, max_length=260)),
                ('language', models.CharField(default='zh-hans', max_length=10)),
                ('title', models.CharField(max_length=300)),
                ('text', models.TextField(blank=True)),
                ('state', models.CharField(choices=[('waiting', 'under way'), ('sent', 'sent'), ('failed', 'failed'), ('dropped', 'not needed any more')], default='waiting', max_length=8)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('made_at', models.DateTimeField()),
                ('at', models.DateTimeField(null=True)),
                ('next_try_at', models.DateTimeField(null=True)),
                ('cause', models.CharField(blank=True, max_length=40)),
                ('answer', models.CharField(blank=True, max_length=300)),
                ('alert', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='sendings', to='alerts.alert')),
                ('channel', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sendings', to='alerts.channel')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('step', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='sendings', to='alerts.step')),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['next_try_at'], name='sending_waiting')],
            },
        ),
        migrations.CreateModel(
            name='LevelMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.PositiveSmallIntegerField()),
                ('at', models.DateTimeField()),
                ('story', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='stories.story')),
            ],
            options={
                'indexes': [models.Index(fields=['story', '-id'], name='level_mark')],
            },
        ),
    ]
