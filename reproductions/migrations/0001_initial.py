import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import reproductions.judging.rules
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('papers', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Claim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('program', models.SlugField(max_length=80)),
                ('identifier', models.CharField(help_text='Of the measurement that tests it.', max_length=120)),
                ('statement', models.TextField(blank=True)),
                ('metric', models.CharField(max_length=40)),
                ('unit', models.CharField(blank=True, max_length=40)),
                ('scale', models.CharField(choices=[('exact', 'exact'), ('smoke', 'smoke'), ('toy', 'toy'), ('reduced', 'reduced'), ('full', 'full')], max_length=10)),
                ('convention', models.CharField(blank=True, max_length=60)),
                ('rule', models.JSONField(help_text='Kind and parameters of the rule, as the manifest has them.')),
                ('basis', models.TextField(help_text='Why this tolerance.')),
                ('deviations', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), blank=True, default=list, size=None)),
                ('explanation', models.TextField(blank=True)),
                ('position', models.PositiveIntegerField(default=0)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ('program', 'position'),
            },
        ),
        migrations.CreateModel(
            name='Disagreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=80, unique=True)),
                ('kind', models.CharField(choices=[('sources', 'two sources print different values'), ('sum', 'parts do not add up to the printed total'), ('convention', 'one name, two conventions'), ('unit', 'an unusual unit')], max_length=12)),
                ('title', models.CharField(max_length=200)),
                ('text', models.TextField()),
                ('position', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'ordering': ('position', 'slug'),
            },
        ),
        migrations.CreateModel(
            name='Judgement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verdict', models.CharField(choices=[(reproductions.judging.rules.Verdict['EXACT'], 'exact'), (reproductions.judging.rules.Verdict['WITHIN'], 'within tolerance'), (reproductions.judging.rules.Verdict['REPRODUCED'], 'reproduced'), (reproductions.judging.rules.Verdict['PARTIAL'], 'partial'), (reproductions.judging.rules.Verdict['DIRECTION'], 'direction'), (reproductions.judging.rules.Verdict['OUTSIDE'], 'outside'), (reproductions.judging.rules.Verdict['AMBIGUOUS'], 'ambiguous'), (reproductions.judging.rules.Verdict['SOURCES_DISAGREE'], 'sources disagree'), (reproductions.judging.rules.Verdict['NOT_RUN'], 'not run'), (reproductions.judging.rules.Verdict['UNDECIDED'], 'no verdict')], db_index=True, max_length=20)),
                ('reason', models.TextField()),
                ('sentence', models.TextField()),
                ('unit', models.CharField(blank=True, max_length=40)),
                ('published', models.FloatField(null=True)),
                ('measured', models.FloatField(help_text='Mean over the seeds, in `unit`.', null=True)),
                ('values', django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), default=list, help_text='One per seed, in `unit`.', size=None)),
                ('difference', models.FloatField(null=True)),
                ('relative', models.FloatField(null=True)),
                ('rules_version', models.CharField(max_length=20)),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='judgements', to='reproductions.claim')),
            ],
            options={
                'ordering': ('claim__position',),
            },
        ),
        migrations.CreateModel(
            name='PublishedNumber',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(editable=False, max_length=100, unique=True)),
                ('position', models.PositiveIntegerField(default=0)),
                ('setting', models.CharField(max_length=300)),
                ('metric', models.CharField(db_index=True, max_length=40)),
                ('printed', models.CharField(help_text='The digits as they are printed.', max_length=40)),
                ('value', models.DecimalField(decimal_places=12, help_text='In `unit`.', max_digits=30)),
                ('unit', models.CharField(blank=True, max_length=40)),
                ('decimals', models.PositiveSmallIntegerField(help_text='Printed digits after the point.')),
                ('table', models.CharField(blank=True, help_text='Table or section.', max_length=200)),
                ('source', models.CharField(max_length=500)),
                ('confidence', models.CharField(max_length=10)),
                ('confirmed', models.BooleanField(help_text='Somebody has seen the number in its source.')),
                ('needs', models.CharField(choices=[('exact-cost', 'arithmetic'), ('synthetic-task', 'generated data'), ('small-real-data', 'small real data'), ('needs-dataset', "the paper's data set"), ('needs-weights', 'pretrained weights')], db_index=True, max_length=20)),
                ('notes', models.TextField(blank=True)),
                ('from_file', models.JSONField(default=dict, editable=False)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('scale', models.CharField(choices=[('exact', 'exact'), ('smoke', 'smoke'), ('toy', 'toy'), ('reduced', 'reduced'), ('full', 'full')], default='full', editable=False, max_length=10)),
                ('convention', models.CharField(blank=True, editable=False, max_length=60)),
                ('state', models.CharField(choices=[(reproductions.judging.rules.Verdict['EXACT'], 'exact'), (reproductions.judging.rules.Verdict['WITHIN'], 'within tolerance'), (reproductions.judging.rules.Verdict['REPRODUCED'], 'reproduced'), (reproductions.judging.rules.Verdict['PARTIAL'], 'partial'), (reproductions.judging.rules.Verdict['DIRECTION'], 'direction'), (reproductions.judging.rules.Verdict['OUTSIDE'], 'outside'), (reproductions.judging.rules.Verdict['AMBIGUOUS'], 'ambiguous'), (reproductions.judging.rules.Verdict['SOURCES_DISAGREE'], 'sources disagree'), (reproductions.judging.rules.Verdict['NOT_RUN'], 'not run')], db_index=True, default=reproductions.judging.rules.Verdict['NOT_RUN'], editable=False, max_length=20)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('judgement', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='reproductions.judgement')),
                ('paper', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='numbers', to='papers.paper')),
            ],
            options={
                'ordering': ('paper__key', 'position', 'id'),
            },
        ),
        migrations.CreateModel(
            name='DisagreementPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('says', 'one of the values'), ('part', 'a part of the sum'), ('total', 'the printed total')], default='says', max_length=6)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('disagreement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='reproductions.disagreement')),
                ('number', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='disagreements', to='reproductions.publishednumber')),
            ],
            options={
                'ordering': ('position',),
            },
        ),
        migrations.AddField(
            model_name='claim',
            name='number',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='reproductions.publishednumber'),
        ),
        migrations.CreateModel(
            name='Run',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('attempts', models.PositiveSmallIntegerField(default=0, help_text='How often it was leased.')),
                ('lease', models.UUIDField(help_text='Fences off a worker that lost its lease.', null=True)),
                ('lease_until', models.DateTimeField(null=True)),
                ('worker', models.CharField(blank=True, help_text='Host and process at work.', max_length=200)),
                ('sent_at', models.DateTimeField(help_text='When the queue was last told of it.', null=True)),
                ('finished_at', models.DateTimeField(db_index=True, null=True)),
                ('program', models.SlugField(max_length=80)),
                ('scale', models.CharField(choices=[('exact', 'exact'), ('smoke', 'smoke'), ('toy', 'toy'), ('reduced', 'reduced'), ('full', 'full')], max_length=10)),
                ('seed', models.BigIntegerField()),
                ('device', models.CharField(choices=[('cpu', 'cpu'), ('cuda', 'cuda')], max_length=8)),
                ('state', models.CharField(choices=[('queued', 'waiting'), ('running', 'running'), ('finished', 'finished'), ('needs-data', 'needs data'), ('failed', 'failed'), ('cancelled', 'cancelled'), ('stopped', 'stopped at a limit'), ('lost', 'lost')], db_index=True, default='queued', max_length=12)),
                ('origin', models.CharField(choices=[('own', 'run here'), ('recorded', 'recorded')], default='own', max_length=10)),
                ('record_sha256', models.CharField(editable=False, max_length=64, null=True, unique=True)),
                ('attempt', models.PositiveSmallIntegerField(default=1, help_text='2 when it repeats a run whose worker was lost.')),
                ('requested_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('started_at', models.DateTimeField(null=True)),
                ('cancel_requested_at', models.DateTimeField(null=True)),
                ('limit_seconds', models.PositiveIntegerField(default=0)),
                ('progress_done', models.FloatField(default=0)),
                ('progress_total', models.FloatField(default=0, help_text='0 when nobody knows.')),
                ('progress_note', models.CharField(blank=True, max_length=200)),
                ('exit_code', models.IntegerField(null=True)),
                ('exit_cause', models.CharField(blank=True, max_length=300)),
                ('wall_seconds', models.FloatField(null=True)),
                ('cpu_seconds', models.FloatField(null=True)),
                ('peak_memory_bytes', models.BigIntegerField(null=True)),
                ('code', models.JSONField(default=dict, help_text='Hashes of program, protocol and manifest.')),
                ('environment', models.JSONField(default=dict)),
                ('hardware', models.JSONField(default=dict)),
                ('isolation', models.JSONField(default=dict, help_text='What was really in force.')),
                ('output_sha256', models.CharField(blank=True, max_length=64)),
                ('output_bytes', models.BigIntegerField(default=0)),
                ('again_of', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='repetitions', to='reproductions.run')),
                ('cancelled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('judged_with', models.ManyToManyField(related_name='+', to='reproductions.run')),
                ('requested_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='runs', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-requested_at', '-id'),
            },
        ),
        migrations.CreateModel(
            name='Measurement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('identifier', models.CharField(max_length=120)),
                ('setting', models.CharField(blank=True, max_length=2000)),
                ('metric', models.CharField(max_length=100)),
                ('value', models.FloatField()),
                ('unit', models.CharField(max_length=100)),
                ('convention', models.CharField(blank=True, max_length=100)),
                ('seed', models.BigIntegerField()),
                ('standard_error', models.FloatField(null=True)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='measurements', to='reproductions.run')),
            ],
            options={
                'ordering': ('position',),
            },
        ),
        migrations.AddField(
            model_name='judgement',
            name='run',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='judgements', to='reproductions.run'),
        ),
        migrations.CreateModel(
            name='CurvePoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('curve', models.CharField(max_length=200)),
                ('x', models.FloatField()),
                ('y', models.FloatField()),
                ('more', models.JSONField(default=dict)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='points', to='reproductions.run')),
            ],
            options={
                'ordering': ('position',),
            },
        ),
        migrations.CreateModel(
            name='RunLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(help_text='From 1, without gaps.')),
                ('kind', models.CharField(choices=[('log', 'said'), ('error', 'standard error'), ('measure', 'measured'), ('site', 'the site')], default='log', max_length=8)),
                ('text', models.TextField()),
                ('seconds', models.FloatField(help_text='Since the start of the run.')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='reproductions.run')),
            ],
            options={
                'ordering': ('number',),
            },
        ),
        migrations.AddConstraint(
            model_name='publishednumber',
            constraint=models.UniqueConstraint(fields=('paper', 'setting', 'metric'), name='one_number_a_setting_and_metric'),
        ),
        migrations.AddConstraint(
            model_name='disagreementpart',
            constraint=models.UniqueConstraint(fields=('disagreement', 'number'), name='one_part_a_number_in_a_disagreement'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.UniqueConstraint(fields=('program', 'identifier'), name='one_claim_an_identifier'),
        ),
        migrations.AddIndex(
            model_name='run',
            index=models.Index(fields=['program', 'scale', '-finished_at'], name='run_by_program'),
        ),
        migrations.AddConstraint(
            model_name='run',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['queued', 'running'])), fields=('program', 'scale', 'seed', 'device'), name='one_active_run_a_program_scale_seed_device'),
        ),
        migrations.AddConstraint(
            model_name='measurement',
            constraint=models.UniqueConstraint(fields=('run', 'identifier', 'seed'), name='one_measurement_an_identifier_and_seed'),
        ),
        migrations.AddConstraint(
            model_name='judgement',
            constraint=models.UniqueConstraint(fields=('run', 'claim'), name='one_judgement_a_claim_and_run'),
        ),
        migrations.AddConstraint(
            model_name='curvepoint',
            constraint=models.UniqueConstraint(fields=('run', 'position'), name='one_point_a_position'),
        ),
        migrations.AddConstraint(
            model_name='runline',
            constraint=models.UniqueConstraint(fields=('run', 'number'), name='one_line_a_number'),
        ),
    ]
