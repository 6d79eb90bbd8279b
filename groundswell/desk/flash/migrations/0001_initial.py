import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('bulletins', '0001_tables'),
        ('stories', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Call',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('name_en', models.CharField(blank=True, max_length=100)),
                ('number', models.CharField(blank=True, max_length=40)),
                ('text', models.TextField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('story', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='stories.story')),
                ('to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(max_length=20, unique=True)),
                ('kind', models.CharField(choices=[('first', 'First report'), ('follow', 'Follow-up report'), ('final', 'Final report')], max_length=8)),
                ('place', models.PositiveSmallIntegerField(default=0)),
                ('state', models.CharField(choices=[('draft', 'Being drafted'), ('sent', 'Sent out'), ('dropped', 'Draft dropped')], default='draft', max_length=8)),
                ('level', models.PositiveSmallIntegerField()),
                ('title', models.CharField(max_length=200)),
                ('title_en', models.CharField(blank=True, max_length=300)),
                ('facts', models.JSONField(default=dict)),
                ('citations', models.JSONField(default=list)),
                ('figures', models.JSONField(default=dict)),
                ('number', models.PositiveIntegerField(null=True)),
                ('total', models.PositiveIntegerField(null=True)),
                ('year', models.PositiveSmallIntegerField(null=True)),
                ('made_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(db_index=True, null=True)),
                ('frozen', models.JSONField(null=True)),
                ('frozen_hash', models.CharField(blank=True, max_length=64)),
                ('version', models.PositiveIntegerField(default=0)),
                ('before', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='flash.report')),
                ('corrects', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='flash.report')),
                ('opening', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='followers', to='flash.report')),
                ('sent_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('story', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='flash_reports', to='stories.story')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['story', '-id'], name='flash_repor_story_i_6170db_idx'), models.Index(fields=['state', '-sent_at'], name='flash_repor_state_3ed0a3_idx')],
                'constraints': [models.UniqueConstraint(fields=('year', 'number'), name='one_flash_number_each_year'), models.UniqueConstraint(fields=('total',), name='one_flash_total_each'), models.UniqueConstraint(condition=models.Q(('state', 'draft')), fields=('story',), name='one_flash_draft_a_story'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'sent'), _negated=True), models.Q(('number__isnull', False), ('sent_at__isnull', False), models.Q(('frozen_hash', ''), _negated=True)), _connector='OR'), name='flash_sent_is_numbered_and_frozen'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'first'), ('opening', None)), models.Q(models.Q(('kind', 'first'), _negated=True), ('opening__isnull', False)), _connector='OR'), name='flash_follows_a_first_one')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('way', models.CharField(choices=[('desk', 'on the desk'), ('mail', 'by mail'), ('messenger', 'by messenger'), ('paper', 'on paper')], max_length=10)),
                ('why', models.CharField(blank=True, max_length=12)),
                ('name', models.CharField(max_length=80)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('language', models.CharField(default='zh-hans', max_length=10)),
                ('form', models.CharField(blank=True, max_length=10)),
                ('state', models.CharField(default='waiting', max_length=8)),
                ('tries', models.PositiveIntegerField(default=0)),
                ('at', models.DateTimeField(null=True)),
                ('next_try_at', models.DateTimeField(null=True)),
                ('cause', models.CharField(blank=True, max_length=20)),
                ('error', models.CharField(blank=True, max_length=300)),
                ('read_at', models.DateTimeField(null=True)),
                ('read_by_link', models.BooleanField(default=False)),
                ('token_hash', models.CharField(blank=True, db_index=True, max_length=64)),
                ('token_until', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('instead_of', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recipient', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bulletins.recipient')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='flash_deliveries', to=settings.AUTH_USER_MODEL)),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='flash.report')),
            ],
            options={
                'ordering': ['position', 'id'],
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['next_try_at'], name='flash_delivery_waiting'), models.Index(fields=['user', 'read_at'], name='flash_deliv_user_id_af3ef1_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('form', '')), fields=('report', 'user'), name='one_flash_delivery_a_leader'), models.UniqueConstraint(fields=('report', 'recipient'), name='one_flash_delivery_a_recipient')],
            },
        ),
    ]
