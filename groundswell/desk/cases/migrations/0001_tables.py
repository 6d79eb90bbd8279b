import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('cases', '0001_initial'), ('cases', '0003_one_time_links'), ('cases', '0004_aftermath')]

    initial = True

    dependencies = [
        ('accounts', '0001_tables'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('stories', '0001_tables'),
        ('stream', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='AllowedMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('before', models.CharField(blank=True, max_length=24)),
                ('after', models.CharField(max_length=24)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('before', 'after'), name='each_move_once')],
            },
        ),
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=20, unique=True)),
                ('kind', models.CharField(max_length=20)),
                ('state', models.CharField(max_length=24)),
                ('sort', models.CharField(blank=True, max_length=20)),
                ('title', models.CharField(max_length=200)),
                ('text', models.TextField(blank=True)),
                ('letter', models.CharField(blank=True, max_length=80)),
                ('date', models.DateField(blank=True, null=True)),
                ('answer', models.TextField(blank=True)),
                ('outcome', models.TextField(blank=True)),
                ('follow_until', models.DateTimeField(blank=True, null=True)),
                ('follow_quiet', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('follow_since', models.DateTimeField(blank=True, null=True)),
                ('report_hours', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('report_due_at', models.DateTimeField(blank=True, null=True)),
                ('opened_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=0)),
                ('item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='cases', to='stream.item')),
                ('opened_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('story', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='stories.story')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='accounts.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['state', '-opened_at'], name='cases_case_state_5459ef_idx'), models.Index(fields=['unit', '-opened_at'], name='cases_case_unit_id_7bab2c_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at', None), ('kind', 'incident')), fields=('story',), name='one_open_incident_a_story')],
            },
        ),
        migrations.CreateModel(
            name='CaseRole',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('lead', 'Leads it'), ('liaison', 'Speaks with the units'), ('record', 'Keeps the record')], max_length=10)),
                ('assumed_at', models.DateTimeField()),
                ('renounced_at', models.DateTimeField(blank=True, null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='roles', to='cases.case')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('renounced_at', None)), fields=('case', 'role'), name='one_in_each_role')],
            },
        ),
        migrations.CreateModel(
            name='Consultation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('called', 'Called'), ('held', 'Held'), ('void', 'Called off')], default='called', max_length=8)),
                ('title', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('place', models.CharField(blank=True, max_length=120)),
                ('agenda', models.TextField(blank=True)),
                ('minutes', models.TextField(blank=True)),
                ('called_at', models.DateTimeField()),
                ('held_at', models.DateTimeField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=0)),
                ('called_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consultations', to='cases.case')),
                ('people', models.ManyToManyField(blank=True, related_name='consultations', to=settings.AUTH_USER_MODEL)),
                ('present', models.ManyToManyField(blank=True, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('present_units', models.ManyToManyField(blank=True, related_name='+', to='accounts.unit')),
                ('units', models.ManyToManyField(blank=True, related_name='consultations', to='accounts.unit')),
            ],
            options={
                'ordering': ['-at'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'held'), _negated=True), models.Q(('minutes', ''), _negated=True), _connector='OR'), name='held_with_minutes')],
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('happened', models.TextField()),
                ('good', models.TextField()),
                ('bad', models.TextField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='review', to='cases.case')),
                ('list_case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
            ],
        ),
        migrations.CreateModel(
            name='SituationReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('since', models.DateTimeField()),
                ('at', models.DateTimeField()),
                ('text', models.TextField()),
                ('facts', models.JSONField(default=list)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='cases.case')),
            ],
            options={
                'ordering': ['-number'],
                'constraints': [models.UniqueConstraint(fields=('case', 'number'), name='each_report_once')],
            },
        ),
        migrations.CreateModel(
            name='Task',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(max_length=24)),
                ('title', models.CharField(max_length=200)),
                ('text', models.TextField(blank=True)),
                ('within', models.PositiveSmallIntegerField(default=1)),
                ('answer', models.TextField(blank=True)),
                ('returned_why', models.CharField(blank=True, max_length=200)),
                ('stamp', models.CharField(blank=True, max_length=120)),
                ('stamp_who', models.CharField(blank=True, max_length=40)),
                ('stamp_at', models.DateTimeField(blank=True, null=True)),
                ('urged', models.PositiveSmallIntegerField(default=0)),
                ('handed_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=0)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='cases.case')),
                ('handed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='accounts.unit')),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(fields=['unit', 'state'], name='cases_task_unit_id_4e8192_idx')],
            },
        ),
        migrations.CreateModel(
            name='Improvement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('preventive', 'Preventive'), ('detecting', 'Detecting'), ('corrective', 'Corrective')], max_length=10)),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='improvements', to='cases.review')),
                ('task', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='improvement', to='cases.task')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=200)),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='cases.consultation')),
                ('task', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='decided', to='cases.task')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='TaskLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(choices=[('answer', 'to sign for and answer'), ('approve', "for the unit's head to approve")], default='answer', max_length=8)),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(blank=True, null=True)),
                ('who', models.CharField(blank=True, max_length=40)),
                ('text', models.TextField(blank=True)),
                ('photo', models.CharField(blank=True, max_length=120)),
                ('sent_back', models.CharField(blank=True, max_length=200)),
                ('approves', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='approval', to='cases.tasklink')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('task', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links', to='cases.task')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='View',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('speaker', models.CharField(max_length=60)),
                ('text', models.TextField()),
                ('at', models.DateTimeField()),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='views', to='cases.consultation')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
    ]
