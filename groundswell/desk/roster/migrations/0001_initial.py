import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_tables'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CalendarFeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('secret_hash', models.CharField(max_length=64, unique=True)),
                ('everybody', models.BooleanField(default=False)),
                ('made_at', models.DateTimeField()),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='ShiftType',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, verbose_name='name')),
                ('name_en', models.CharField(max_length=60, verbose_name='name in English')),
                ('mark', models.CharField(max_length=2, verbose_name='mark in the grid')),
                ('mark_en', models.CharField(max_length=2, verbose_name='mark in English')),
                ('starts', models.TimeField(verbose_name='begins')),
                ('minutes', models.PositiveIntegerField(verbose_name='minutes long')),
                ('days', models.CharField(choices=[('all', 'every day'), ('working', 'working days'), ('rest', 'days of rest')], default='all', max_length=8, verbose_name='on')),
                ('layer', models.CharField(choices=[('duty', 'On duty'), ('leader', 'Leader on duty')], default='duty', max_length=8, verbose_name='layer')),
                ('is_active', models.BooleanField(default=True, verbose_name='in use')),
                ('version', models.PositiveIntegerField(default=0)),
            ],
            options={
                'ordering': ['layer', 'starts', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('minutes__gte', 30), ('minutes__lte', 10080)), name='a_shift_lasts_half_an_hour_to_a_week')],
            },
        ),
        migrations.CreateModel(
            name='DutyLog',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('name', models.CharField(max_length=60)),
                ('name_en', models.CharField(max_length=60)),
                ('facts', models.JSONField(default=list)),
                ('text', models.TextField(blank=True)),
                ('version', models.PositiveIntegerField(default=0)),
                ('signed_at', models.DateTimeField()),
                ('signed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('since',), name='one_log_a_shift')],
            },
        ),
        migrations.CreateModel(
            name='HandOver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('name', models.CharField(max_length=60)),
                ('name_en', models.CharField(max_length=60)),
                ('facts', models.JSONField(default=list)),
                ('text', models.TextField(blank=True)),
                ('version', models.PositiveIntegerField(default=0)),
                ('state', models.CharField(choices=[('draft', 'draft'), ('left', 'signed by who leaves'), ('taken', 'taken over')], default='draft', max_length=8)),
                ('left_at', models.DateTimeField(null=True)),
                ('taken_at', models.DateTimeField(null=True)),
                ('left_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('taken_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-since'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('since',), name='one_hand_over_a_shift'), models.CheckConstraint(condition=models.Q(('taken_by', None), models.Q(('taken_by', models.F('left_by')), _negated=True), _connector='OR'), name='who_leaves_does_not_take_over')],
            },
        ),
        migrations.CreateModel(
            name='Publication',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField()),
                ('no', models.PositiveSmallIntegerField()),
                ('at', models.DateTimeField()),
                ('base', models.JSONField(default=list)),
                ('final', models.JSONField(default=list)),
                ('findings', models.PositiveSmallIntegerField(default=0)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-month', '-no'],
                'constraints': [models.UniqueConstraint(fields=('month', 'no'), name='each_version_of_a_month_once')],
            },
        ),
        migrations.CreateModel(
            name='Rotation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField()),
                ('turn_days', models.PositiveSmallIntegerField(default=1)),
                ('people', models.JSONField(default=list)),
                ('made_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('shift', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rotations', to='roster.shifttype')),
            ],
            options={
                'ordering': ['-since', '-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('shift', 'since'), name='one_rotation_from_a_day'), models.CheckConstraint(condition=models.Q(('turn_days__gte', 1)), name='a_turn_is_a_day_at_least')],
            },
        ),
        migrations.CreateModel(
            name='Override',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('seat', models.PositiveSmallIntegerField(default=0)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('shift', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='roster.shifttype')),
            ],
            options={
                'ordering': ['day', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('shift', 'day', 'seat'), name='one_override_a_turn')],
            },
        ),
        migrations.CreateModel(
            name='Swap',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('seat', models.PositiveSmallIntegerField(default=0)),
                ('back_day', models.DateField(null=True)),
                ('back_seat', models.PositiveSmallIntegerField(default=0)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('state', models.CharField(choices=[('asked', 'asked'), ('agreed', 'agreed, waits for approval'), ('holds', 'agreed'), ('declined', 'declined'), ('taken_back', 'taken back'), ('lapsed', 'lapsed')], default='asked', max_length=12)),
                ('asked_at', models.DateTimeField()),
                ('agreed_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=0)),
                ('asker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('back_shift', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='roster.shifttype')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('shift', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='roster.shifttype')),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['state', 'day'], name='roster_swap_state_8f743c_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('asker', models.F('other')), _negated=True), name='nobody_swaps_with_oneself'), models.UniqueConstraint(condition=models.Q(('state__in', ['asked', 'agreed'])), fields=('shift', 'day', 'seat'), name='one_open_swap_a_turn')],
            },
        ),
        migrations.CreateModel(
            name='ZeroReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('due_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('missing', 'missing'), ('nothing', 'nothing to report'), ('reported', 'reported')], default='missing', max_length=10)),
                ('text', models.TextField(blank=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('urged_at', models.DateTimeField(null=True)),
                ('token_hash', models.CharField(blank=True, db_index=True, max_length=64)),
                ('token_until', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=0)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='zero_reports', to='accounts.unit')),
            ],
            options={
                'ordering': ['-day', 'unit__sort_key'],
                'constraints': [models.UniqueConstraint(fields=('unit', 'day'), name='one_zero_report_a_day')],
            },
        ),
    ]
