import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_tables'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('cases', '0001_tables'),
        ('sources', '0001_tables'),
        ('stories', '0001_tables'),
        ('stream', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Release',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=20, unique=True)),
                ('kind', models.CharField(choices=[('reply', 'Reply'), ('statement', 'Statement'), ('press', 'Press release'), ('fact_check', 'Fact-check')], max_length=12)),
                ('state', models.CharField(choices=[('clue', 'Clue'), ('draft', 'Being written'), ('review', 'To be reviewed'), ('secrecy', 'For the secrecy review'), ('approval', 'To be approved'), ('approved', 'Approved, to be published'), ('published', 'In public'), ('withdrawn', 'Withdrawn from the public'), ('void', 'Dropped')], default='clue', max_length=10)),
                ('clue', models.TextField()),
                ('slug', models.SlugField(blank=True, max_length=80, null=True, unique=True)),
                ('read_until', models.DateTimeField(blank=True, null=True)),
                ('let_stand', models.JSONField(default=list)),
                ('withdrawn_why', models.CharField(blank=True, max_length=300)),
                ('opened_at', models.DateTimeField()),
                ('version', models.PositiveIntegerField(default=0)),
                ('case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='releases', to='cases.case')),
                ('item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='releases', to='stream.item')),
                ('opened_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('story', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='releases', to='stories.story')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='releases', to='accounts.unit')),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['state', '-id'], name='releases_re_state_b6eb9c_idx'), models.Index(fields=['story', '-id'], name='releases_re_story_i_8a598b_idx')],
            },
        ),
        migrations.CreateModel(
            name='Spokesperson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('topics', models.JSONField(default=list)),
                ('since', models.DateField()),
                ('until', models.DateField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=0)),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['until', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('n', models.PositiveSmallIntegerField()),
                ('title', models.CharField(max_length=120)),
                ('title_en', models.CharField(blank=True, max_length=200)),
                ('claim', models.TextField(blank=True)),
                ('claim_en', models.TextField(blank=True)),
                ('verdict', models.CharField(blank=True, choices=[('checking', 'Being checked'), ('true', 'True'), ('partly', 'Partly true'), ('false', 'False'), ('old', 'Old news told anew'), ('unproven', 'Cannot be confirmed')], max_length=10)),
                ('summary', models.CharField(blank=True, max_length=200)),
                ('summary_en', models.CharField(blank=True, max_length=300)),
                ('text', models.TextField()),
                ('text_en', models.TextField(blank=True)),
                ('sources', models.JSONField(default=list)),
                ('signed', models.CharField(blank=True, max_length=80)),
                ('signed_en', models.CharField(blank=True, max_length=120)),
                ('contact', models.CharField(blank=True, max_length=80)),
                ('embargo_until', models.DateTimeField(blank=True, null=True)),
                ('next_update', models.DateTimeField(blank=True, null=True)),
                ('why', models.CharField(blank=True, max_length=300)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='releases.release')),
            ],
            options={
                'ordering': ['n'],
                'constraints': [models.UniqueConstraint(fields=('release', 'n'), name='one_text_a_number'), models.CheckConstraint(condition=models.Q(('verdict__in', ['', 'checking']), models.Q(('sources', []), _negated=True), _connector='OR'), name='no_verdict_without_a_source')],
            },
        ),
        migrations.AddField(
            model_name='release',
            name='current',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='releases.version'),
        ),
        migrations.AddField(
            model_name='release',
            name='public',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='releases.version'),
        ),
        migrations.AddConstraint(
            model_name='Release',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'withdrawn'), _negated=True), models.Q(('public__isnull', False), models.Q(('withdrawn_why', ''), _negated=True)), _connector='OR'), name='withdrawn_says_why'),
        ),
        migrations.AddConstraint(
            model_name='Release',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'published'), _negated=True), ('public__isnull', False), _connector='OR'), name='published_has_a_text'),
        ),
        migrations.CreateModel(
            name='PublicAct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('publish', 'First published'), ('correct', 'Corrected'), ('withdraw', 'Withdrawn from the public')], max_length=10)),
                ('why', models.CharField(blank=True, max_length=300)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='public_acts', to='releases.release')),
                ('text', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='releases.version')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Check',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('review', 'Review of the content'), ('secrecy', 'Secrecy review'), ('approval', 'Approval')], max_length=10)),
                ('result', models.CharField(choices=[('pass', 'passed'), ('back', 'sent back'), ('ask', 'put to the organ in charge')], max_length=6)),
                ('ground', models.CharField(blank=True, max_length=30)),
                ('note', models.CharField(blank=True, max_length=500)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at_version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='releases.version')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'secrecy'), _negated=True), models.Q(('ground', ''), _negated=True), _connector='OR'), name='secrecy_names_its_ground')],
            },
        ),
        migrations.CreateModel(
            name='LedgerRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('day', models.DateField()),
                ('title', models.CharField(max_length=200)),
                ('values', models.JSONField(default=dict)),
                ('struck', models.CharField(blank=True, max_length=200)),
                ('at', models.DateTimeField()),
                ('version', models.PositiveIntegerField(default=0)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit')),
            ],
            options={
                'ordering': ['-day', '-id'],
                'indexes': [models.Index(fields=['kind', '-day'], name='releases_le_kind_fb260f_idx')],
            },
        ),
        migrations.CreateModel(
            name='CorrectionRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=20, unique=True)),
                ('state', models.CharField(choices=[('draft', 'Being written'), ('review', 'For approval to be sent'), ('ready', 'Approved, to be sent'), ('sent', 'Sent, waits for an answer'), ('answered', 'Answered, result to be seen'), ('closed', 'Closed with a result'), ('void', 'Dropped')], default='draft', max_length=10)),
                ('address', models.URLField(max_length=500)),
                ('headline', models.CharField(max_length=200)),
                ('wrong', models.TextField()),
                ('right', models.TextField()),
                ('basis', models.TextField()),
                ('evidence', models.JSONField(default=list)),
                ('ground', models.CharField(blank=True, max_length=30)),
                ('sent_way', models.CharField(blank=True, choices=[('letter', 'by letter'), ('mail', 'by e-mail'), ('form', "by the publisher's form")], max_length=8)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('due_on', models.DateField(blank=True, null=True)),
                ('answer', models.TextField(blank=True)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('result', models.CharField(blank=True, choices=[('corrected', 'corrected'), ('partly', 'partly corrected'), ('refused', 'not corrected: the publisher gave reasons'), ('silent', 'no answer'), ('ours', 'taken back: the mistake was ours')], max_length=10)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('opened_at', models.DateTimeField()),
                ('version', models.PositiveIntegerField(default=0)),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='correction_requests', to='stream.item')),
                ('publisher', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='correction_requests', to='sources.source')),
                ('story', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='correction_requests', to='stories.story')),
                ('release', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='correction_requests', to='releases.release')),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['state', 'due_on'], name='releases_co_state_107f0a_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('approved_by', None), models.Q(('approved_by', models.F('by')), _negated=True), _connector='OR'), name='who_writes_does_not_approve'), models.CheckConstraint(condition=models.Q(('sent_at', None), models.Q(('approved_by__isnull', False), models.Q(('ground', ''), _negated=True)), _connector='OR'), name='sent_only_when_approved')],
            },
        ),
        migrations.CreateModel(
            name='Spoken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.URLField(max_length=500)),
                ('text', models.CharField(max_length=500)),
                ('at', models.DateTimeField()),
                ('struck', models.CharField(blank=True, max_length=200)),
                ('version', models.PositiveIntegerField(default=0)),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('release', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replies', to='releases.release')),
                ('story', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replies', to='stories.story')),
                ('spokesperson', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='replies', to='releases.spokesperson')),
            ],
            options={
                'ordering': ['-at'],
                'indexes': [models.Index(fields=['story', '-at'], name='releases_sp_story_i_80636f_idx')],
            },
        ),
    ]
