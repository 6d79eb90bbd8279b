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
            name='Generation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('salt', models.BinaryField()),
                ('master', models.CharField(max_length=16)),
                ('made_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Organ',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, unique=True)),
                ('name_en', models.CharField(blank=True, max_length=80)),
                ('competence', models.CharField(max_length=300)),
                ('recipient', models.CharField(max_length=200)),
                ('key_checked', models.CharField(max_length=200)),
                ('is_active', models.BooleanField(default=True)),
                ('version', models.PositiveIntegerField(default=0)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Lead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=20, unique=True)),
                ('state', models.CharField(choices=[('registered', 'To be screened'), ('aside', 'Not transferred'), ('screened', 'To be transferred'), ('transferred', 'Transferred'), ('receipted', 'Receipt is here'), ('answered', 'Organ has answered'), ('published', 'Outcome published'), ('closed', 'Closed without outcome'), ('destroyed', 'Destroyed')], max_length=12)),
                ('way', models.CharField(choices=[('stream', 'from the stream'), ('paper', 'by letter'), ('telephone', 'by telephone'), ('visit', 'in person')], max_length=10)),
                ('seal', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('wrapped', models.BinaryField(null=True)),
                ('origin_hash', models.CharField(blank=True, db_index=True, max_length=64)),
                ('registered_at', models.DateTimeField()),
                ('has_contact', models.BooleanField(default=False)),
                ('verdict', models.CharField(blank=True, choices=[('belongs', 'belongs to an organ'), ('outside', 'outside the competence of any organ here'), ('repeated', 'the same matter as an earlier lead'), ('no_facts', 'no facts that could be looked into'), ('no_lead', 'no lead on wrongdoing: a complaint or a question'), ('mistake', 'handed in by mistake')], max_length=10)),
                ('result', models.CharField(blank=True, choices=[('confirmed', 'confirmed'), ('partly', 'confirmed in part'), ('not_found', 'not confirmed'), ('passed_on', 'passed on to another organ')], max_length=10)),
                ('screened_at', models.DateTimeField(blank=True, null=True)),
                ('transferred_at', models.DateTimeField(blank=True, null=True)),
                ('package_hash', models.CharField(blank=True, max_length=64)),
                ('receipted_at', models.DateTimeField(blank=True, null=True)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('contact_gone_at', models.DateTimeField(blank=True, null=True)),
                ('destroyed_at', models.DateTimeField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=0)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('generation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='leads', to='leads.generation')),
                ('leaders', models.ManyToManyField(blank=True, related_name='named_leads', to=settings.AUTH_USER_MODEL)),
                ('repeats', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='repeated_by', to='leads.lead')),
                ('organ', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='leads', to='leads.organ')),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['state', 'id'], name='leads_lead_state_fda64f_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['screened', 'transferred', 'receipted', 'answered', 'published']), _negated=True), ('organ__isnull', False), _connector='OR'), name='lead_goes_to_an_organ'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'aside'), _negated=True), models.Q(('verdict', ''), _negated=True), _connector='OR'), name='lead_aside_with_reason'), models.CheckConstraint(condition=models.Q(('state', 'destroyed'), ('wrapped__isnull', False), _connector='OR'), name='lead_has_its_key')],
            },
        ),
        migrations.CreateModel(
            name='Certificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=20, unique=True)),
                ('what', models.CharField(choices=[('lead', 'the whole lead'), ('contact', 'the contact data')], max_length=8)),
                ('fields', models.PositiveIntegerField()),
                ('size_bytes', models.PositiveBigIntegerField()),
                ('at', models.DateTimeField()),
                ('ended_at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('lead', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to='leads.lead')),
            ],
        ),
        migrations.CreateModel(
            name='Outcome',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('draft', 'to be passed by a second person'), ('passed', 'passed, to be published'), ('published', 'public'), ('withdrawn', 'withdrawn from the public')], max_length=10)),
                ('drafted_at', models.DateTimeField()),
                ('passed_at', models.DateTimeField(blank=True, null=True)),
                ('number', models.CharField(blank=True, max_length=20)),
                ('title', models.CharField(blank=True, max_length=80)),
                ('text', models.TextField(blank=True)),
                ('title_en', models.CharField(blank=True, max_length=160)),
                ('text_en', models.TextField(blank=True)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('drafted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('lead', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='outcome', to='leads.lead')),
                ('passed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('passed_by', None), models.Q(('passed_by', models.F('drafted_by')), _negated=True), _connector='OR'), name='outcome_passed_by_another'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['passed', 'published']), _negated=True), ('passed_by__isnull', False), _connector='OR'), name='outcome_needs_two'), models.CheckConstraint(condition=models.Q(('state', 'published'), ('text', ''), _connector='OR'), name='outcome_in_clear_only_when_public')],
            },
        ),
        migrations.CreateModel(
            name='Sealed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('field', models.CharField(max_length=60)),
                ('box', models.BinaryField()),
                ('at', models.DateTimeField()),
                ('lead', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sealed', to='leads.lead')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('lead', 'field'), name='one_box_a_field')],
            },
        ),
    ]
