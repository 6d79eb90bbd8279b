import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('accounts', '0001_initial'), ('accounts', '0002_place_in_use'), ('accounts', '0003_word_evidence'), ('accounts', '0004_leaders_away')]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('username', models.CharField(max_length=40, unique=True, verbose_name='user name')),
                ('name', models.CharField(max_length=40, verbose_name='name')),
                ('name_en', models.CharField(blank=True, max_length=60, verbose_name='name in Latin letters')),
                ('post', models.CharField(blank=True, max_length=60, verbose_name='post')),
                ('post_en', models.CharField(blank=True, max_length=80, verbose_name='post in English')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='telephone')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('language', models.CharField(default='zh-hans', max_length=10, verbose_name='language')),
                ('theme', models.CharField(default='system', max_length=10, verbose_name='theme')),
                ('density', models.CharField(default='comfortable', max_length=12, verbose_name='density')),
                ('text_size', models.PositiveSmallIntegerField(default=100, verbose_name='text size')),
                ('shortcuts', models.BooleanField(default=True, verbose_name='single-key shortcuts')),
                ('is_active', models.BooleanField(default=True, verbose_name='may sign in')),
                ('joined_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='SignInAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_hash', models.CharField(db_index=True, max_length=32)),
                ('address_hash', models.CharField(db_index=True, max_length=32)),
                ('at', models.DateTimeField(db_index=True)),
                ('succeeded', models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name='SlangWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(max_length=40, unique=True)),
                ('means', models.CharField(blank=True, max_length=120)),
                ('tone', models.CharField(blank=True, max_length=10)),
                ('state', models.CharField(choices=[('proposed', 'proposed'), ('accepted', 'in use'), ('refused', 'not used')], default='accepted', max_length=10)),
                ('posts', models.PositiveIntegerField(default=0)),
                ('voices', models.PositiveIntegerField(default=0)),
                ('first_seen', models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='OneTimeLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Right',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('permission', models.CharField(max_length=60)),
                ('role', models.CharField(choices=[('duty', 'Duty officer'), ('editor', 'Editor'), ('unit_officer', 'Unit officer'), ('leader', 'Leader'), ('leads_keeper', 'Leads keeper'), ('auditor', 'Auditor'), ('administrator', 'Administrator')], max_length=20)),
                ('scope', models.CharField(default='all', max_length=12)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('permission', 'role'), name='one_cell_each')],
            },
        ),
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40, unique=True)),
                ('name', models.CharField(max_length=80)),
                ('name_en', models.CharField(blank=True, max_length=120)),
                ('aliases', models.JSONField(blank=True, default=list)),
                ('duties', models.JSONField(blank=True, default=list)),
                ('sort_key', models.CharField(blank=True, db_index=True, max_length=200)),
                ('is_active', models.BooleanField(default=True)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='accounts.unit')),
            ],
            options={
                'ordering': ['sort_key', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Place',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40, unique=True)),
                ('name', models.CharField(max_length=80)),
                ('name_en', models.CharField(blank=True, max_length=120)),
                ('kind', models.CharField(default='town', max_length=20)),
                ('aliases', models.JSONField(blank=True, default=list)),
                ('not_when', models.JSONField(blank=True, default=list)),
                ('sort_key', models.CharField(blank=True, db_index=True, max_length=200)),
                ('is_active', models.BooleanField(default=True)),
                ('within', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='accounts.place')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='places', to='accounts.unit')),
            ],
            options={
                'ordering': ['sort_key', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Oversight',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(blank=True, max_length=60)),
                ('whole', models.BooleanField(default=False)),
                ('since', models.DateField()),
                ('until', models.DateField(blank=True, null=True)),
                ('leader', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='oversights', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='overseers', to='accounts.unit')),
            ],
        ),
        migrations.AddField(
            model_name='user',
            name='unit',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='people', to='accounts.unit', verbose_name='unit'),
        ),
        migrations.CreateModel(
            name='Absence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField()),
                ('until', models.DateField()),
                ('leader', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='absences', to=settings.AUTH_USER_MODEL)),
                ('noted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('stand_in', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='stands_in', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['since', 'id'],
                'indexes': [models.Index(fields=['until', 'since'], name='accounts_ab_until_1c2a57_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('until__gte', models.F('since'))), name='absence_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(('stand_in', None), models.Q(('leader', models.F('stand_in')), _negated=True), _connector='OR'), name='stand_in_is_another')],
            },
        ),
        migrations.CreateModel(
            name='Deputy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField()),
                ('until', models.DateField(blank=True, null=True)),
                ('deputy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deputy_of', to=settings.AUTH_USER_MODEL)),
                ('leader', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deputies', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('leader', models.F('deputy')), _negated=True), name='deputy_is_another')],
            },
        ),
        migrations.CreateModel(
            name='Grant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('duty', 'Duty officer'), ('editor', 'Editor'), ('unit_officer', 'Unit officer'), ('leader', 'Leader'), ('leads_keeper', 'Leads keeper'), ('auditor', 'Auditor'), ('administrator', 'Administrator')], max_length=20)),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField(blank=True, null=True)),
                ('given_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='grants', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['user', 'role'], name='accounts_gr_user_id_61d21c_idx')],
            },
        ),
    ]
