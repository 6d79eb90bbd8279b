import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('instructions', '0001_initial'), ('instructions', '0003_on_flash_reports')]

    initial = True

    dependencies = [
        ('accounts', '0001_tables'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('bulletins', '0001_tables'),
        ('cases', '0001_tables'),
        ('flash', '0001_initial'),
        ('stories', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Instruction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=20, unique=True)),
                ('state', models.CharField(choices=[('recorded', 'To be confirmed'), ('given', 'To be handed out'), ('handed', 'In hand'), ('answered', 'Answered, for the leader'), ('accepted', 'Accepted, to be closed'), ('closed', 'Closed off'), ('void', 'Withdrawn')], max_length=10)),
                ('way', models.CharField(choices=[('screen', 'written on screen'), ('spoken', 'spoken'), ('paper', 'on paper')], default='screen', max_length=8)),
                ('text', models.TextField()),
                ('within', models.PositiveSmallIntegerField(default=1)),
                ('date', models.DateField(blank=True, null=True)),
                ('scan', models.CharField(blank=True, max_length=120)),
                ('feedback', models.TextField(blank=True)),
                ('given_at', models.DateTimeField()),
                ('handed_at', models.DateTimeField(blank=True, null=True)),
                ('urged_at', models.DateTimeField(blank=True, null=True)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('accepted_at', models.DateTimeField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=0)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='instructions', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='cases.case')),
                ('issue', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='bulletins.issue')),
                ('piece', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='bulletins.issueitem')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('report', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='flash.report')),
                ('story', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='stories.story')),
                ('tasks', models.ManyToManyField(blank=True, related_name='instructions', to='cases.task')),
                ('units', models.ManyToManyField(blank=True, related_name='instructions', to='accounts.unit')),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['state', '-given_at'], name='instruction_state_e8c5b3_idx'), models.Index(fields=['by', '-given_at'], name='instruction_by_id_516cb5_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('case', None), ('issue', None), ('report', None), ('story__isnull', False)), models.Q(('case__isnull', False), ('issue', None), ('report', None), ('story', None)), models.Q(('case', None), ('issue__isnull', False), ('report', None), ('story', None)), models.Q(('case', None), ('issue', None), ('report__isnull', False), ('story', None)), _connector='OR'), name='instruction_on_one_thing'), models.CheckConstraint(condition=models.Q(('piece', None), ('issue__isnull', False), _connector='OR'), name='instruction_piece_in_issue'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'closed'), _negated=True), models.Q(models.Q(('feedback', ''), _negated=True), ('accepted_at__isnull', False)), _connector='OR'), name='nothing_closes_without_the_answer'), models.CheckConstraint(condition=models.Q(models.Q(('way', 'paper'), _negated=True), models.Q(('scan', ''), _negated=True), _connector='OR'), name='paper_comes_with_its_scan')],
            },
        ),
        migrations.CreateModel(
            name='Passing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(blank=True, max_length=200)),
                ('at', models.DateTimeField()),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='cases.case')),
                ('issue', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='bulletins.issue')),
                ('piece', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='bulletins.issueitem')),
                ('report', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='flash.report')),
                ('story', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='stories.story')),
                ('to', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['to', 'done_at'], name='instruction_to_id_91ff67_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('case', None), ('issue', None), ('report', None), ('story__isnull', False)), models.Q(('case__isnull', False), ('issue', None), ('report', None), ('story', None)), models.Q(('case', None), ('issue__isnull', False), ('report', None), ('story', None)), models.Q(('case', None), ('issue', None), ('report__isnull', False), ('story', None)), _connector='OR'), name='passing_on_one_thing'), models.CheckConstraint(condition=models.Q(('piece', None), ('issue__isnull', False), _connector='OR'), name='passing_piece_in_issue')],
            },
        ),
    ]
