"""Consultations, situation reports, reviews; following until it is quiet; stamped answers."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


GUARD = """
create function cases_guard_consultation() returns trigger language plpgsql as $$
declare was text := case when tg_op = 'INSERT' then '' else old.state end;
begin
  if was <> new.state and (was, new.state) not in (('', 'called'), ('called', 'held'), ('called', 'void')) then
    raise exception 'no act leads from "%" to "%"', was, new.state using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger cases_consultation_state before insert or update of state on cases_consultation
  for each row execute function cases_guard_consultation();
"""
FREE = """
drop trigger cases_consultation_state on cases_consultation;
drop function cases_guard_consultation();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_leaders_away'),
        ('cases', '0003_one_time_links'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='case',
            name='follow_quiet',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='follow_since',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='report_due_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='report_hours',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='task',
            name='stamp',
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name='task',
            name='stamp_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='task',
            name='stamp_who',
            field=models.CharField(blank=True, max_length=40),
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
            name='Improvement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('preventive', 'Preventive'), ('detecting', 'Detecting'), ('corrective', 'Corrective')], max_length=10)),
                ('task', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='improvement', to='cases.task')),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='improvements', to='cases.review')),
            ],
            options={
                'ordering': ['id'],
            },
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
        migrations.AddConstraint(
            model_name='consultation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'held'), _negated=True), models.Q(('minutes', ''), _negated=True), _connector='OR'), name='held_with_minutes'),
        ),
        migrations.AddConstraint(
            model_name='situationreport',
            constraint=models.UniqueConstraint(fields=('case', 'number'), name='each_report_once'),
        ),
        migrations.RunSQL(GUARD, FREE),
    ]
