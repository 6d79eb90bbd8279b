import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('cases', '0001_tables'),
        ('stories', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=30, unique=True)),
                ('is_active', models.BooleanField(default=True)),
                ('version', models.PositiveIntegerField(default=0)),
            ],
            options={
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='PlanVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('data', models.JSONField()),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('made_at', models.DateTimeField()),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='plans.plan')),
            ],
            options={
                'ordering': ['plan', '-number'],
                'constraints': [models.UniqueConstraint(fields=('plan', 'number'), name='each_version_once')],
            },
        ),
        migrations.CreateModel(
            name='Response',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(blank=True, max_length=20, null=True, unique=True)),
                ('state', models.CharField(choices=[('asked', 'Start asked for'), ('running', 'Running'), ('ended', 'Ended'), ('reviewed', 'Drill reviewed'), ('refused', 'Not started'), ('withdrawn', 'Taken back')], max_length=10)),
                ('drill', models.BooleanField(default=False)),
                ('title', models.CharField(max_length=200)),
                ('text', models.TextField(blank=True)),
                ('why', models.JSONField(default=list)),
                ('asked_grade', models.PositiveSmallIntegerField(choices=[(1, 'Ⅰ'), (2, 'Ⅱ'), (3, 'Ⅲ'), (4, 'Ⅳ')])),
                ('grade', models.PositiveSmallIntegerField(blank=True, choices=[(1, 'Ⅰ'), (2, 'Ⅱ'), (3, 'Ⅲ'), (4, 'Ⅳ')], null=True)),
                ('reason', models.CharField(max_length=200)),
                ('asked_at', models.DateTimeField()),
                ('wanted_grade', models.PositiveSmallIntegerField(blank=True, choices=[(1, 'Ⅰ'), (2, 'Ⅱ'), (3, 'Ⅲ'), (4, 'Ⅳ')], null=True)),
                ('wants_end', models.BooleanField(default=False)),
                ('wanted_why', models.CharField(blank=True, max_length=200)),
                ('wanted_at', models.DateTimeField(blank=True, null=True)),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('conclusion', models.TextField(blank=True)),
                ('legal_level', models.PositiveSmallIntegerField(blank=True, choices=[(1, 'Ⅰ'), (2, 'Ⅱ'), (3, 'Ⅲ'), (4, 'Ⅳ')], null=True)),
                ('legal_organ', models.CharField(blank=True, max_length=120)),
                ('review', models.JSONField(default=dict)),
                ('version', models.PositiveIntegerField(default=0)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='responses', to='cases.case')),
                ('leader', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='responses', to=settings.AUTH_USER_MODEL)),
                ('plan_version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='responses', to='plans.planversion')),
                ('story', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='responses', to='stories.story')),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['state', 'drill'], name='plans_respo_state_e9fcf1_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('drill', False), models.Q(('case', None), ('number', None), ('story', None)), _connector='OR'), name='a_drill_stays_in_the_house'), models.CheckConstraint(condition=models.Q(('drill', True), ('case__isnull', False), ('story__isnull', False), _connector='OR'), name='a_response_hangs_on_something'), models.CheckConstraint(condition=models.Q(('legal_level', None), models.Q(('legal_organ', ''), _negated=True), _connector='OR'), name='legal_level_names_its_organ'), models.UniqueConstraint(condition=models.Q(('state__in', ['asked', 'running'])), fields=('story', 'plan_version'), name='one_open_response_a_story_and_plan')],
            },
        ),
        migrations.CreateModel(
            name='GradeChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('grade', models.PositiveSmallIntegerField(choices=[(1, 'Ⅰ'), (2, 'Ⅱ'), (3, 'Ⅲ'), (4, 'Ⅳ')])),
                ('at', models.DateTimeField()),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('response', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grades', to='plans.response')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='ResponseRole',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(max_length=30)),
                ('assumed_at', models.DateTimeField()),
                ('renounced_at', models.DateTimeField(blank=True, null=True)),
                ('response', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='roles', to='plans.response')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('renounced_at', None)), fields=('response', 'role'), name='one_in_each_role_of_a_plan')],
            },
        ),
        migrations.CreateModel(
            name='ResponseStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=30)),
                ('round', models.PositiveSmallIntegerField(default=1)),
                ('state', models.CharField(choices=[('todo', 'To do'), ('handed', 'With a unit'), ('done', 'Done'), ('skipped', 'Left out')], default='todo', max_length=8)),
                ('begins_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('version', models.PositiveIntegerField(default=0)),
                ('done_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('response', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='plans.response')),
                ('task', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='plan_step', to='cases.task')),
            ],
            options={
                'ordering': ['due_at', 'id'],
                'indexes': [models.Index(fields=['state', 'due_at'], name='plans_respo_state_f2ee2c_idx')],
                'constraints': [models.UniqueConstraint(fields=('response', 'code', 'round'), name='each_round_of_a_step_once')],
            },
        ),
    ]
