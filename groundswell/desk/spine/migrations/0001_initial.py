import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AuthorKey',
            fields=[
                ('month', models.CharField(max_length=7, primary_key=True, serialize=False)),
                ('sealed', models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name='CalendarDay',
            fields=[
                ('day', models.DateField(primary_key=True, serialize=False)),
                ('is_working', models.BooleanField()),
                ('name', models.CharField(blank=True, max_length=80)),
                ('source', models.CharField(blank=True, max_length=120)),
            ],
        ),
        migrations.CreateModel(
            name='Sequence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True)),
                ('last', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='DutyNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('text', models.TextField(max_length=2000)),
                ('for_next', models.BooleanField(default=False)),
                ('done_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('done_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40)),
                ('subject_type', models.CharField(max_length=40)),
                ('subject_id', models.BigIntegerField()),
                ('raised_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('data', models.JSONField(default=dict)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('kind', 'subject_type', 'subject_id'), name='one_open_notice_each')],
            },
        ),
        migrations.CreateModel(
            name='Preference',
            fields=[
                ('key', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('value', models.JSONField()),
                ('changed_at', models.DateTimeField()),
                ('changed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='RunningClock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_type', models.CharField(max_length=40)),
                ('subject_id', models.BigIntegerField()),
                ('rule', models.CharField(max_length=60)),
                ('amount', models.PositiveIntegerField()),
                ('unit', models.CharField(max_length=16)),
                ('started_at', models.DateTimeField()),
                ('events', models.JSONField(default=list)),
                ('due_at', models.DateTimeField(db_index=True, null=True)),
                ('met_at', models.DateTimeField(null=True)),
                ('cancelled_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['subject_type', 'subject_id'], name='spine_runni_subject_815e7a_idx')],
            },
        ),
        migrations.CreateModel(
            name='Snooze',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(max_length=120, unique=True)),
                ('until', models.DateTimeField()),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('subject_type', models.CharField(max_length=40)),
                ('subject_id', models.BigIntegerField()),
                ('action', models.CharField(max_length=60)),
                ('from_state', models.CharField(blank=True, max_length=24)),
                ('to_state', models.CharField(blank=True, max_length=24)),
                ('data', models.JSONField(default=dict)),
                ('before', models.JSONField(default=dict)),
                ('after', models.JSONField(default=dict)),
                ('note', models.TextField(blank=True)),
                ('batch', models.UUIDField(db_index=True, default=uuid.uuid4)),
                ('undoable', models.BooleanField(default=False)),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('undo_of', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='undone_by', to='spine.entry')),
            ],
            options={
                'indexes': [models.Index(fields=['subject_type', 'subject_id', '-id'], name='spine_entry_subject_c88a62_idx'), models.Index(fields=['actor', '-id'], name='spine_entry_actor_i_9db5f9_idx')],
            },
        ),
    ]
