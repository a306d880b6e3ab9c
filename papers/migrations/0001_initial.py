import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import django.utils.timezone
import papers.models.evidence
import pgtrigger.compiler
import pgtrigger.migrations
import pgvector.django.halfvec
from django.conf import settings
from django.db import migrations, models
from pgvector.django import VectorExtension

from papers.migrations._0001_sql import (
    DROP_TITLE_INDEXES,
    FOLD_TITLE,
    FORGET_CHANGES,
    NOTE_CHANGES,
    TITLE_INDEXES,
    TOUCH_PAPERS,
    UNFOLD_TITLE,
    UNTOUCH_PAPERS,
)


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('taxonomy', '0001_initial'),
    ]

    operations = [
        VectorExtension(),
        migrations.RunSQL(FOLD_TITLE, UNFOLD_TITLE),
        migrations.CreateModel(
            name='AcceptedAuthor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('printed_name', models.CharField(max_length=200)),
                ('affiliation', models.CharField(blank=True, max_length=300)),
                ('corresponding', models.BooleanField(default=False)),
            ],
            options={
                'ordering': ('position',),
            },
        ),
        migrations.CreateModel(
            name='AcceptedPaper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('number', models.CharField(blank=True, max_length=40)),
                ('title', models.CharField(max_length=500)),
                ('presentation', models.CharField(blank=True, max_length=40)),
                ('track', models.CharField(blank=True, max_length=120)),
                ('award', models.CharField(blank=True, max_length=160)),
                ('pdf', models.CharField(blank=True, max_length=500)),
                ('poster', models.CharField(blank=True, max_length=500)),
                ('video', models.CharField(blank=True, max_length=500)),
                ('supplement', models.CharField(blank=True, max_length=500)),
            ],
            options={
                'ordering': ('position',),
            },
        ),
        migrations.CreateModel(
            name='Authorship',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('printed_name', models.CharField(max_length=200)),
                ('affiliation', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'ordering': ('position',),
            },
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('attempts', models.PositiveSmallIntegerField(default=0, help_text='How often it was leased.')),
                ('lease', models.UUIDField(help_text='Fences off a worker that lost its lease.', null=True)),
                ('lease_until', models.DateTimeField(null=True)),
                ('worker', models.CharField(blank=True, help_text='Host and process at work.', max_length=200)),
                ('sent_at', models.DateTimeField(help_text='When the queue was last told of it.', null=True)),
                ('finished_at', models.DateTimeField(db_index=True, null=True)),
                ('sha256', models.CharField(max_length=64, unique=True)),
                ('size_bytes', models.PositiveBigIntegerField()),
                ('name', models.CharField(help_text='File name as first sent.', max_length=255)),
                ('licence', models.CharField(blank=True, choices=[('', 'not known: the PDF is kept for reading, not served'), ('CC0-1.0', 'CC0 1.0'), ('CC-BY-4.0', 'CC BY 4.0'), ('CC-BY-3.0', 'CC BY 3.0'), ('CC-BY-SA-4.0', 'CC BY-SA 4.0'), ('public-domain', 'public domain'), ('all-rights-reserved', 'all rights reserved')], default='', max_length=30)),
                ('received_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ('state', models.CharField(choices=[('queued', 'waiting'), ('reading', 'reading'), ('matching', 'matching'), ('done', 'done'), ('failed', 'failed')], default='queued', max_length=10)),
                ('failures', models.PositiveSmallIntegerField(default=0, help_text="Tries that failed by the file's or our fault; not silent workers.")),
                ('followed_up_at', models.DateTimeField(help_text='When the paper was embedded and topics were suggested.', null=True)),
                ('outcome', models.CharField(blank=True, choices=[('', '—'), ('ok', 'read'), ('ok-with-warnings', 'read, with doubts'), ('encrypted', 'needs a password'), ('image-only', 'pictures only'), ('malformed', 'damaged'), ('over-budget', 'too costly to read'), ('not-a-paper', 'not a paper'), ('poison', 'ended its worker'), ('lost', 'file lost')], default='', max_length=20)),
                ('message', models.CharField(blank=True, max_length=500)),
                ('warnings', models.JSONField(default=list)),
                ('effect', models.CharField(blank=True, choices=[('', '—'), ('new', 'a new paper'), ('enriched', 'an existing paper enriched'), ('known', 'an existing paper, nothing to add')], default='', max_length=10)),
                ('matched_by', models.CharField(blank=True, max_length=60)),
            ],
            options={
                'ordering': ('-received_at', '-id'),
            },
        ),
        migrations.CreateModel(
            name='Finding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('text', models.TextField()),
                ('origin', models.CharField(blank=True, choices=[('', '—'), ('curator', 'curator'), ('author', 'author'), ('machine', 'machine')], default='curator', max_length=10)),
            ],
            options={
                'ordering': ('position',),
            },
        ),
        migrations.CreateModel(
            name='OldKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=80, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name='PaperChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('paper_id', models.BigIntegerField()),
                ('transaction', models.BigIntegerField(db_default=django.db.models.expressions.RawSQL('(pg_current_xact_id()::text)::bigint', ()), db_index=True)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='PaperTopicEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('origin', models.CharField(choices=[('curator', 'curator'), ('machine', 'suggested by machine')], default='curator', max_length=10)),
                ('position', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PaperVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('preprint', 'preprint'), ('workshop', 'workshop paper'), ('conference', 'conference paper'), ('journal', 'journal article'), ('web', 'web page or report')], max_length=12)),
                ('year', models.PositiveSmallIntegerField()),
                ('venue_text', models.CharField(blank=True, max_length=200)),
                ('identifier', models.CharField(blank=True, help_text='arXiv:…, doi:…', max_length=220)),
                ('url', models.URLField(blank=True, max_length=500)),
                ('confirmed', models.BooleanField(default=True)),
            ],
            options={
                'ordering': ('year', 'id'),
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=140, unique=True)),
                ('name', models.CharField(max_length=200)),
                ('name_zh', models.CharField(blank=True, max_length=60)),
                ('affiliation', models.CharField(blank=True, max_length=300)),
                ('url', models.URLField(blank=True, max_length=500)),
                ('orcid', models.CharField(blank=True, max_length=19)),
                ('sources', models.JSONField(blank=True, default=list)),
                ('curated', models.BooleanField(default=False)),
            ],
            options={
                'ordering': ('name',),
            },
        ),
        migrations.CreateModel(
            name='PersonAlias',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, unique=True)),
                ('folded', models.CharField(db_index=True, max_length=200)),
            ],
            options={
                'ordering': ('name',),
            },
        ),
        migrations.CreateModel(
            name='PersonAliasEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('name', models.CharField(max_length=200)),
                ('folded', models.CharField(max_length=200)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PersonEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('slug', models.SlugField(db_index=False, max_length=140)),
                ('name', models.CharField(max_length=200)),
                ('name_zh', models.CharField(blank=True, max_length=60)),
                ('affiliation', models.CharField(blank=True, max_length=300)),
                ('url', models.URLField(blank=True, max_length=500)),
                ('orcid', models.CharField(blank=True, max_length=19)),
                ('sources', models.JSONField(blank=True, default=list)),
                ('curated', models.BooleanField(default=False)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Reading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('extraction', models.JSONField(help_text='papers.pdf.extraction.Extraction, without text.')),
                ('text', models.TextField(blank=True)),
                ('page_count', models.PositiveIntegerField(default=0)),
                ('coverage', models.FloatField(default=0, help_text='Share of glyphs that became text, 0 to 1.')),
                ('seconds', models.FloatField(default=0)),
                ('read_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name='Reference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('raw', models.TextField()),
                ('title', models.CharField(blank=True, max_length=500)),
                ('authors', models.JSONField(default=list)),
                ('year', models.PositiveSmallIntegerField(null=True)),
                ('venue', models.CharField(blank=True, max_length=300)),
                ('doi', models.CharField(blank=True, max_length=200)),
                ('arxiv', models.CharField(blank=True, max_length=20)),
                ('url', models.CharField(blank=True, max_length=500)),
                ('title_key', models.GeneratedField(db_persist=True, expression=papers.models.evidence.FoldTitle(models.F('title')), output_field=models.TextField())),
            ],
            options={
                'ordering': ('position',),
            },
        ),
        migrations.CreateModel(
            name='ScheduleItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('start', models.TimeField(blank=True, null=True)),
                ('end', models.TimeField(blank=True, null=True)),
                ('raw_time', models.CharField(blank=True, max_length=60)),
                ('kind', models.CharField(blank=True, max_length=30)),
                ('label', models.CharField(blank=True, max_length=120)),
                ('title', models.CharField(blank=True, max_length=500)),
                ('link', models.URLField(blank=True, max_length=500)),
                ('links', models.JSONField(blank=True, default=list, help_text='[{label, url}]')),
                ('streamed', models.BooleanField(blank=True, null=True)),
            ],
            options={
                'ordering': ('position',),
            },
        ),
        migrations.CreateModel(
            name='ScheduleItemEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('position', models.PositiveSmallIntegerField()),
                ('start', models.TimeField(blank=True, null=True)),
                ('end', models.TimeField(blank=True, null=True)),
                ('raw_time', models.CharField(blank=True, max_length=60)),
                ('kind', models.CharField(blank=True, max_length=30)),
                ('label', models.CharField(blank=True, max_length=120)),
                ('title', models.CharField(blank=True, max_length=500)),
                ('link', models.URLField(blank=True, max_length=500)),
                ('links', models.JSONField(blank=True, default=list, help_text='[{label, url}]')),
                ('streamed', models.BooleanField(blank=True, null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SourceVisit',
            fields=[
                ('source', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Talk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('kind', models.CharField(blank=True, max_length=30)),
                ('title', models.CharField(blank=True, max_length=500)),
                ('speaker', models.CharField(blank=True, help_text='As printed.', max_length=300)),
            ],
            options={
                'ordering': ('position',),
            },
        ),
        migrations.CreateModel(
            name='TalkEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('position', models.PositiveSmallIntegerField()),
                ('kind', models.CharField(blank=True, max_length=30)),
                ('title', models.CharField(blank=True, max_length=500)),
                ('speaker', models.CharField(blank=True, help_text='As printed.', max_length=300)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='TalkSpeakerEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='TimelineEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('domain', models.CharField(choices=[('model', 'Models'), ('LLM', 'Language models'), ('system', 'Systems'), ('compiler', 'Compilers'), ('accelerator', 'Accelerators')], max_length=12)),
                ('title', models.CharField(max_length=300)),
                ('why', models.TextField()),
            ],
            options={
                'ordering': ('year', 'id'),
            },
        ),
        migrations.CreateModel(
            name='TimelineEventEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('year', models.PositiveSmallIntegerField()),
                ('domain', models.CharField(choices=[('model', 'Models'), ('LLM', 'Language models'), ('system', 'Systems'), ('compiler', 'Compilers'), ('accelerator', 'Accelerators')], max_length=12)),
                ('title', models.CharField(max_length=300)),
                ('why', models.TextField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='TopicSuggestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('confidence', models.FloatField(help_text='Estimated chance that a curator would agree, 0 to 1.')),
                ('evidence', models.JSONField(default=dict)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('decision', models.CharField(choices=[('open', 'to be decided'), ('accepted', 'accepted'), ('declined', 'declined')], default='open', max_length=10)),
                ('decided_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ('-confidence', 'id'),
            },
        ),
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('via', models.CharField(choices=[('page', 'upload page'), ('api', 'API'), ('command', 'command line')], max_length=10)),
                ('name', models.CharField(max_length=255)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ('-at', '-id'),
            },
        ),
        migrations.CreateModel(
            name='Venue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=80, unique=True)),
                ('name', models.CharField(max_length=120)),
                ('full_name', models.CharField(blank=True, max_length=300)),
                ('kind', models.CharField(choices=[('conference', 'conference'), ('journal', 'journal'), ('workshop', 'workshop'), ('preprint', 'preprint server'), ('web', 'web page or report')], max_length=12)),
                ('aliases', models.JSONField(blank=True, default=list, help_text='Other names and abbreviations that papers print of it.')),
            ],
            options={
                'ordering': ('name',),
            },
        ),
        migrations.CreateModel(
            name='VenueEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('slug', models.SlugField(db_index=False, max_length=80)),
                ('name', models.CharField(max_length=120)),
                ('full_name', models.CharField(blank=True, max_length=300)),
                ('kind', models.CharField(choices=[('conference', 'conference'), ('journal', 'journal'), ('workshop', 'workshop'), ('preprint', 'preprint server'), ('web', 'web page or report')], max_length=12)),
                ('aliases', models.JSONField(blank=True, default=list, help_text='Other names and abbreviations that papers print of it.')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Workshop',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=80, unique=True)),
                ('name', models.CharField(max_length=300)),
                ('acronym', models.CharField(blank=True, max_length=20)),
                ('series', models.SlugField(max_length=40)),
                ('edition', models.CharField(blank=True, max_length=20)),
                ('year', models.PositiveSmallIntegerField()),
                ('date', models.DateField(blank=True, null=True)),
                ('timezone', models.CharField(blank=True, max_length=60)),
                ('format', models.CharField(blank=True, max_length=80)),
                ('host_conference', models.CharField(blank=True, max_length=120)),
                ('location', models.CharField(blank=True, max_length=200)),
                ('website', models.URLField(blank=True, max_length=500)),
                ('relation', models.CharField(blank=True, max_length=40)),
                ('status', models.CharField(blank=True, max_length=120)),
                ('summary', models.TextField(blank=True)),
                ('contact', models.CharField(blank=True, max_length=200)),
                ('submission_portal', models.URLField(blank=True, max_length=500)),
                ('topics', models.JSONField(blank=True, default=list)),
                ('sponsors', models.JSONField(blank=True, default=list, help_text='[{name, tier}]')),
                ('submission_rules', models.JSONField(blank=True, default=dict)),
                ('awards', models.JSONField(blank=True, default=list)),
                ('competition', models.JSONField(blank=True, default=dict)),
                ('news', models.JSONField(blank=True, default=list)),
                ('history', models.JSONField(blank=True, default=list)),
                ('links', models.JSONField(blank=True, default=list, help_text='[{label, url}]')),
                ('related_venues', models.JSONField(blank=True, default=list)),
                ('draft_content', models.JSONField(blank=True, default=dict, help_text='Never shown in public.')),
                ('notes', models.JSONField(blank=True, default=list, help_text='Doubts and inferences.')),
                ('sources', models.JSONField(blank=True, default=list)),
                ('imported', models.JSONField(blank=True, default=dict, help_text='The lists of the data file as last written to rows.')),
            ],
            options={
                'ordering': ('-year', '-date', 'slug'),
            },
        ),
        migrations.CreateModel(
            name='WorkshopDate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('label', models.CharField(max_length=160)),
                ('date', models.DateField(blank=True, null=True)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('ends_at', models.DateTimeField(blank=True, null=True)),
                ('previous', models.JSONField(blank=True, default=list, help_text='[{date, published}]')),
            ],
            options={
                'ordering': ('position',),
            },
        ),
        migrations.CreateModel(
            name='WorkshopDateEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('position', models.PositiveSmallIntegerField()),
                ('label', models.CharField(max_length=160)),
                ('date', models.DateField(blank=True, null=True)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('ends_at', models.DateTimeField(blank=True, null=True)),
                ('previous', models.JSONField(blank=True, default=list, help_text='[{date, published}]')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='WorkshopEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('slug', models.SlugField(db_index=False, max_length=80)),
                ('name', models.CharField(max_length=300)),
                ('acronym', models.CharField(blank=True, max_length=20)),
                ('series', models.SlugField(db_index=False, max_length=40)),
                ('edition', models.CharField(blank=True, max_length=20)),
                ('year', models.PositiveSmallIntegerField()),
                ('date', models.DateField(blank=True, null=True)),
                ('timezone', models.CharField(blank=True, max_length=60)),
                ('format', models.CharField(blank=True, max_length=80)),
                ('host_conference', models.CharField(blank=True, max_length=120)),
                ('location', models.CharField(blank=True, max_length=200)),
                ('website', models.URLField(blank=True, max_length=500)),
                ('relation', models.CharField(blank=True, max_length=40)),
                ('status', models.CharField(blank=True, max_length=120)),
                ('summary', models.TextField(blank=True)),
                ('contact', models.CharField(blank=True, max_length=200)),
                ('submission_portal', models.URLField(blank=True, max_length=500)),
                ('topics', models.JSONField(blank=True, default=list)),
                ('sponsors', models.JSONField(blank=True, default=list, help_text='[{name, tier}]')),
                ('submission_rules', models.JSONField(blank=True, default=dict)),
                ('awards', models.JSONField(blank=True, default=list)),
                ('competition', models.JSONField(blank=True, default=dict)),
                ('news', models.JSONField(blank=True, default=list)),
                ('history', models.JSONField(blank=True, default=list)),
                ('links', models.JSONField(blank=True, default=list, help_text='[{label, url}]')),
                ('related_venues', models.JSONField(blank=True, default=list)),
                ('draft_content', models.JSONField(blank=True, default=dict, help_text='Never shown in public.')),
                ('notes', models.JSONField(blank=True, default=list, help_text='Doubts and inferences.')),
                ('sources', models.JSONField(blank=True, default=list)),
                ('imported', models.JSONField(blank=True, default=dict, help_text='The lists of the data file as last written to rows.')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='WorkshopRole',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('role', models.CharField(max_length=30)),
                ('printed_name', models.CharField(max_length=200)),
                ('affiliation', models.CharField(blank=True, max_length=300)),
                ('affiliation_note', models.CharField(blank=True, max_length=300)),
                ('url', models.URLField(blank=True, max_length=500)),
                ('status', models.CharField(blank=True, max_length=120)),
            ],
            options={
                'ordering': ('position',),
            },
        ),
        migrations.CreateModel(
            name='WorkshopRoleEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('position', models.PositiveSmallIntegerField()),
                ('role', models.CharField(max_length=30)),
                ('printed_name', models.CharField(max_length=200)),
                ('affiliation', models.CharField(blank=True, max_length=300)),
                ('affiliation_note', models.CharField(blank=True, max_length=300)),
                ('url', models.URLField(blank=True, max_length=500)),
                ('status', models.CharField(blank=True, max_length=120)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='AcceptedAuthorEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('position', models.PositiveSmallIntegerField()),
                ('printed_name', models.CharField(max_length=200)),
                ('affiliation', models.CharField(blank=True, max_length=300)),
                ('corresponding', models.BooleanField(default=False)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='papers.acceptedauthor')),
                ('accepted', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='papers.acceptedpaper')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='acceptedauthor',
            name='accepted',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='authors', to='papers.acceptedpaper'),
        ),
        migrations.CreateModel(
            name='FixtureRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('key', models.CharField(max_length=160)),
                ('sha256', models.CharField(max_length=64)),
                ('fields', models.JSONField(default=dict)),
                ('loaded_at', models.DateTimeField(auto_now=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'key'), name='one_fixture_record_a_key')],
            },
        ),
        migrations.CreateModel(
            name='ImportBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked', models.TextField(help_text='What was pasted.')),
                ('encoding', models.CharField(blank=True, help_text='Of a file that was not UTF-8, as it was told.', max_length=40)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('candidates', models.JSONField(default=list)),
                ('problems', models.JSONField(default=list)),
                ('applied_at', models.DateTimeField(null=True)),
                ('results', models.JSONField(default=list)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='imports', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-made_at',),
            },
        ),
        migrations.CreateModel(
            name='Paper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=80, unique=True)),
                ('title', models.CharField(max_length=500)),
                ('year', models.PositiveSmallIntegerField(db_index=True)),
                ('venue_line', models.CharField(blank=True, help_text='As its source prints it, where it is no venue here.', max_length=200)),
                ('kind', models.CharField(choices=[('article', 'paper'), ('survey', 'survey')], default='article', max_length=10)),
                ('role', models.CharField(blank=True, choices=[('', '—'), ('static baseline', 'static baseline')], default='', max_length=20)),
                ('state', models.CharField(choices=[('public', 'public'), ('hidden', 'hidden'), ('withdrawn', 'withdrawn'), ('merged', 'merged into another record')], db_index=True, default='public', max_length=10)),
                ('arxiv', models.CharField(blank=True, max_length=20, null=True, unique=True)),
                ('doi', models.CharField(blank=True, max_length=200, null=True, unique=True)),
                ('openreview', models.CharField(blank=True, max_length=40, null=True, unique=True)),
                ('acl', models.CharField(blank=True, max_length=40, null=True, unique=True)),
                ('abstract', models.TextField(blank=True)),
                ('tldr', models.TextField(blank=True)),
                ('tldr_zh', models.TextField(blank=True)),
                ('contribution', models.TextField(blank=True)),
                ('texts_by', models.CharField(blank=True, choices=[('', '—'), ('curator', 'curator'), ('author', 'author'), ('machine', 'machine')], default='', max_length=10)),
                ('awards', models.JSONField(blank=True, default=list)),
                ('sources', models.JSONField(blank=True, default=list)),
                ('unconfirmed', models.JSONField(blank=True, default=list, help_text='Names of fields that no stored source confirmed.')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True, db_index=True)),
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='papers.paper')),
            ],
            options={
                'ordering': ('-year', 'title'),
                'permissions': [('curate', 'Can decide about records'), ('moderate', 'Can decide about contributions')],
            },
        ),
        migrations.CreateModel(
            name='OldKeyEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('key', models.SlugField(db_index=False, max_length=80)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='papers.oldkey')),
                ('paper', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='papers.paper')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='oldkey',
            name='paper',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='old_keys', to='papers.paper'),
        ),
        migrations.CreateModel(
            name='FindingEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('position', models.PositiveSmallIntegerField()),
                ('text', models.TextField()),
                ('origin', models.CharField(blank=True, choices=[('', '—'), ('curator', 'curator'), ('author', 'author'), ('machine', 'machine')], default='curator', max_length=10)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='papers.finding')),
                ('paper', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='papers.paper')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='finding',
            name='paper',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='findings', to='papers.paper'),
        ),
        migrations.CreateModel(
            name='FieldSource',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('field', models.CharField(max_length=20)),
                ('source', models.CharField(help_text='PDF 0123456789ab, arXiv, Crossref, …', max_length=120)),
                ('confidence', models.FloatField(help_text='0 (a guess) to 1 (printed and agreed).', null=True)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('document', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='papers.document')),
                ('paper', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='field_sources', to='papers.paper')),
            ],
            options={
                'ordering': ('field', 'at'),
            },
        ),
        migrations.AddField(
            model_name='document',
            name='paper',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='papers.paper'),
        ),
        migrations.CreateModel(
            name='Conflict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('field', models.CharField(max_length=20)),
                ('here', models.JSONField(help_text='What the record said when this was found.', null=True)),
                ('there', models.JSONField(help_text='What the source says.')),
                ('source', models.CharField(max_length=120)),
                ('confidence', models.FloatField(null=True)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('fingerprint', models.CharField(help_text='Hash of field and proposed value.', max_length=64)),
                ('found_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('decision', models.CharField(choices=[('open', 'to be decided'), ('accepted', 'accepted'), ('declined', 'declined')], default='open', max_length=10)),
                ('decided_at', models.DateTimeField(null=True)),
                ('replaced', models.JSONField(help_text='What accepting it overwrote.', null=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('document', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='conflicts', to='papers.document')),
                ('paper', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='conflicts', to='papers.paper')),
            ],
            options={
                'ordering': ('field', 'id'),
            },
        ),
        migrations.CreateModel(
            name='AuthorshipEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('position', models.PositiveSmallIntegerField()),
                ('printed_name', models.CharField(max_length=200)),
                ('affiliation', models.CharField(blank=True, max_length=300)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='papers.authorship')),
                ('paper', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='papers.paper')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='authorship',
            name='paper',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='authorships', to='papers.paper'),
        ),
        migrations.CreateModel(
            name='AcceptedPaperEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('position', models.PositiveSmallIntegerField()),
                ('number', models.CharField(blank=True, max_length=40)),
                ('title', models.CharField(max_length=500)),
                ('presentation', models.CharField(blank=True, max_length=40)),
                ('track', models.CharField(blank=True, max_length=120)),
                ('award', models.CharField(blank=True, max_length=160)),
                ('pdf', models.CharField(blank=True, max_length=500)),
                ('poster', models.CharField(blank=True, max_length=500)),
                ('video', models.CharField(blank=True, max_length=500)),
                ('supplement', models.CharField(blank=True, max_length=500)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='papers.acceptedpaper')),
                ('paper', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='papers.paper')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='acceptedpaper',
            name='paper',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='accepted_at', to='papers.paper'),
        ),
        migrations.CreateModel(
            name='PaperEmbedding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('encoder', models.CharField(max_length=200)),
                ('text_hash', models.CharField(help_text='SHA-256 of the text that was embedded.', max_length=64)),
                ('vector', pgvector.django.halfvec.HalfVectorField(help_text='Of the whole paper; as long as the encoder makes it.')),
                ('passages', models.BinaryField(help_text='float16 (passages, dimensions), row by row: the title, each sentence.', null=True)),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('paper', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='embeddings', to='papers.paper')),
            ],
        ),
        migrations.CreateModel(
            name='PaperEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('key', models.SlugField(db_index=False, max_length=80)),
                ('title', models.CharField(max_length=500)),
                ('year', models.PositiveSmallIntegerField()),
                ('venue_line', models.CharField(blank=True, help_text='As its source prints it, where it is no venue here.', max_length=200)),
                ('kind', models.CharField(choices=[('article', 'paper'), ('survey', 'survey')], default='article', max_length=10)),
                ('role', models.CharField(blank=True, choices=[('', '—'), ('static baseline', 'static baseline')], default='', max_length=20)),
                ('state', models.CharField(choices=[('public', 'public'), ('hidden', 'hidden'), ('withdrawn', 'withdrawn'), ('merged', 'merged into another record')], default='public', max_length=10)),
                ('arxiv', models.CharField(blank=True, max_length=20, null=True)),
                ('doi', models.CharField(blank=True, max_length=200, null=True)),
                ('openreview', models.CharField(blank=True, max_length=40, null=True)),
                ('acl', models.CharField(blank=True, max_length=40, null=True)),
                ('abstract', models.TextField(blank=True)),
                ('tldr', models.TextField(blank=True)),
                ('tldr_zh', models.TextField(blank=True)),
                ('contribution', models.TextField(blank=True)),
                ('texts_by', models.CharField(blank=True, choices=[('', '—'), ('curator', 'curator'), ('author', 'author'), ('machine', 'machine')], default='', max_length=10)),
                ('awards', models.JSONField(blank=True, default=list)),
                ('sources', models.JSONField(blank=True, default=list)),
                ('unconfirmed', models.JSONField(blank=True, default=list, help_text='Names of fields that no stored source confirmed.')),
                ('merged_into', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='papers.paper')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='papers.paper')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PaperLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('code', 'code'), ('project', 'project page'), ('slides', 'slides'), ('poster', 'poster')], max_length=10)),
                ('url', models.URLField(max_length=500)),
                ('paper', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='papers.paper')),
            ],
            options={
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='PaperLinkEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('code', 'code'), ('project', 'project page'), ('slides', 'slides'), ('poster', 'poster')], max_length=10)),
                ('url', models.URLField(max_length=500)),
                ('paper', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='papers.paper')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='papers.paperlink')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PaperTopic',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('origin', models.CharField(choices=[('curator', 'curator'), ('machine', 'suggested by machine')], default='curator', max_length=10)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('paper', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='placements', to='papers.paper')),
            ],
            options={
                'ordering': ('position', 'id'),
            },
        ),
        migrations.AddField(
            model_name='papertopic',
            name='topic',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='placements', to='taxonomy.topic'),
        ),
        migrations.AddField(
            model_name='paper',
            name='topics',
            field=models.ManyToManyField(related_name='papers', through='papers.PaperTopic', to='taxonomy.topic'),
        ),
        migrations.AddField(
            model_name='papertopicevent',
            name='paper',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='papers.paper'),
        ),
        migrations.AddField(
            model_name='papertopicevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='papertopicevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='papers.papertopic'),
        ),
        migrations.AddField(
            model_name='papertopicevent',
            name='topic',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='taxonomy.topic'),
        ),
        migrations.AddField(
            model_name='paperversion',
            name='paper',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='papers.paper'),
        ),
        migrations.AddField(
            model_name='person',
            name='merged_into',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='papers.person'),
        ),
        migrations.AddField(
            model_name='authorshipevent',
            name='person',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='papers.person'),
        ),
        migrations.AddField(
            model_name='authorship',
            name='person',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='authorships', to='papers.person'),
        ),
        migrations.AddField(
            model_name='acceptedauthorevent',
            name='person',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='papers.person'),
        ),
        migrations.AddField(
            model_name='acceptedauthor',
            name='person',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='accepted_authorships', to='papers.person'),
        ),
        migrations.AddField(
            model_name='personalias',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='aliases', to='papers.person'),
        ),
        migrations.AddField(
            model_name='personaliasevent',
            name='person',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='papers.person'),
        ),
        migrations.AddField(
            model_name='personaliasevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='personaliasevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='papers.personalias'),
        ),
        migrations.AddField(
            model_name='personevent',
            name='merged_into',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='papers.person'),
        ),
        migrations.AddField(
            model_name='personevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='personevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='papers.person'),
        ),
        migrations.AddField(
            model_name='reading',
            name='document',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='reading', to='papers.document'),
        ),
        migrations.AddField(
            model_name='reference',
            name='cited',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='cited_by', to='papers.paper'),
        ),
        migrations.AddField(
            model_name='reference',
            name='document',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='references', to='papers.document'),
        ),
        migrations.AddField(
            model_name='reference',
            name='paper',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='references', to='papers.paper'),
        ),
        migrations.AddField(
            model_name='scheduleitemevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='scheduleitemevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='papers.scheduleitem'),
        ),
        migrations.AddField(
            model_name='talk',
            name='accepted',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='talks', to='papers.acceptedpaper'),
        ),
        migrations.AddField(
            model_name='talk',
            name='slot',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='talk', to='papers.scheduleitem'),
        ),
        migrations.AddField(
            model_name='talk',
            name='speakers',
            field=models.ManyToManyField(blank=True, related_name='talks', to='papers.person'),
        ),
        migrations.AddField(
            model_name='talkevent',
            name='accepted',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='papers.acceptedpaper'),
        ),
        migrations.AddField(
            model_name='talkevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='talkevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='papers.talk'),
        ),
        migrations.AddField(
            model_name='talkevent',
            name='slot',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='papers.scheduleitem'),
        ),
        migrations.AddField(
            model_name='talkspeakerevent',
            name='person',
            field=models.ForeignKey(db_constraint=False, db_tablespace='', on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='papers.person'),
        ),
        migrations.AddField(
            model_name='talkspeakerevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='talkspeakerevent',
            name='talk',
            field=models.ForeignKey(db_constraint=False, db_tablespace='', on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='papers.talk'),
        ),
        migrations.AddField(
            model_name='timelineevent',
            name='paper',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='milestones', to='papers.paper'),
        ),
        migrations.AddField(
            model_name='timelineeventevent',
            name='paper',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='papers.paper'),
        ),
        migrations.AddField(
            model_name='timelineeventevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='timelineeventevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='papers.timelineevent'),
        ),
        migrations.AddField(
            model_name='topicsuggestion',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='topicsuggestion',
            name='paper',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='topic_suggestions', to='papers.paper'),
        ),
        migrations.AddField(
            model_name='topicsuggestion',
            name='topic',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='suggestions', to='taxonomy.topic'),
        ),
        migrations.AddField(
            model_name='upload',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='uploads', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='upload',
            name='document',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='uploads', to='papers.document'),
        ),
        migrations.AddField(
            model_name='venue',
            name='part_of',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='papers.venue'),
        ),
        migrations.AddField(
            model_name='paperversion',
            name='venue',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='papers.venue'),
        ),
        migrations.AddField(
            model_name='paperevent',
            name='venue',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='papers.venue'),
        ),
        migrations.AddField(
            model_name='paper',
            name='venue',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='papers.venue'),
        ),
        migrations.AddField(
            model_name='venueevent',
            name='part_of',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='papers.venue'),
        ),
        migrations.AddField(
            model_name='venueevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='venueevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='papers.venue'),
        ),
        migrations.AddField(
            model_name='workshop',
            name='previous_edition',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='next_editions', to='papers.workshop'),
        ),
        migrations.AddField(
            model_name='talkevent',
            name='workshop',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='papers.workshop'),
        ),
        migrations.AddField(
            model_name='talk',
            name='workshop',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='talks', to='papers.workshop'),
        ),
        migrations.AddField(
            model_name='scheduleitemevent',
            name='workshop',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='papers.workshop'),
        ),
        migrations.AddField(
            model_name='scheduleitem',
            name='workshop',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='schedule', to='papers.workshop'),
        ),
        migrations.AddField(
            model_name='acceptedpaperevent',
            name='workshop',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='papers.workshop'),
        ),
        migrations.AddField(
            model_name='acceptedpaper',
            name='workshop',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='accepted', to='papers.workshop'),
        ),
        migrations.AddField(
            model_name='workshopdate',
            name='workshop',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='dates', to='papers.workshop'),
        ),
        migrations.AddField(
            model_name='workshopdateevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='workshopdateevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='papers.workshopdate'),
        ),
        migrations.AddField(
            model_name='workshopdateevent',
            name='workshop',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='papers.workshop'),
        ),
        migrations.AddField(
            model_name='workshopevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='workshopevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='papers.workshop'),
        ),
        migrations.AddField(
            model_name='workshopevent',
            name='previous_edition',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='papers.workshop'),
        ),
        migrations.AddField(
            model_name='workshoprole',
            name='person',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='workshop_roles', to='papers.person'),
        ),
        migrations.AddField(
            model_name='workshoprole',
            name='workshop',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='roles', to='papers.workshop'),
        ),
        migrations.AddField(
            model_name='workshoproleevent',
            name='person',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='papers.person'),
        ),
        migrations.AddField(
            model_name='workshoproleevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='workshoproleevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='papers.workshoprole'),
        ),
        migrations.AddField(
            model_name='workshoproleevent',
            name='workshop',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='papers.workshop'),
        ),
        migrations.AddIndex(
            model_name='oldkeyevent',
            index=models.Index(fields=['paper'], name='past_oldkey_of'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='oldkeyevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='146047c7423b538f3b7d621a7b2e1d3fb6ee0a64', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_9f5ab', table='papers_oldkeyevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='oldkey',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "papers_oldkeyevent" ("id", "key", "paper_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."id", NEW."key", NEW."paper_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;', hash='072042ec531810f35157a58470283aed64e9c06a', operation='INSERT', pgid='pgtrigger_insert_insert_ab769', table='papers_oldkey', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='oldkey',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "papers_oldkeyevent" ("id", "key", "paper_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."id", OLD."key", OLD."paper_id", _pgh_attach_context(), NOW(), \'update\', OLD."id"); RETURN NULL;', hash='b1dbd37d6237d1b31e7d3109dfb733dc2768f258', operation='UPDATE', pgid='pgtrigger_update_update_2974e', table='papers_oldkey', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='oldkey',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "papers_oldkeyevent" ("id", "key", "paper_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."id", OLD."key", OLD."paper_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;', hash='562218c59f9871c745dc93eab52fc42c38cbc08c', operation='DELETE', pgid='pgtrigger_delete_delete_d7aac', table='papers_oldkey', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='findingevent',
            index=models.Index(fields=['paper'], name='past_finding_of'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='findingevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='4e241123499255459b0f583e49a6f956fbef926a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_40bc4', table='papers_findingevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='finding',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "papers_findingevent" ("id", "origin", "paper_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "text") VALUES (NEW."id", NEW."origin", NEW."paper_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."text"); RETURN NULL;', hash='80421c6a53ecbbcbf36ba17bbddc254a94ee2ca2', operation='INSERT', pgid='pgtrigger_insert_insert_34638', table='papers_finding', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='finding',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "papers_findingevent" ("id", "origin", "paper_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "text") VALUES (OLD."id", OLD."origin", OLD."paper_id", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."position", OLD."text"); RETURN NULL;', hash='cee77c0911c53a0ccdaf5d1c28cfa95fe11a71e5', operation='UPDATE', pgid='pgtrigger_update_update_b3bb3', table='papers_finding', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='finding',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "papers_findingevent" ("id", "origin", "paper_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "text") VALUES (OLD."id", OLD."origin", OLD."paper_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."text"); RETURN NULL;', hash='747c03069e5f86236a2ee6b7a75c9e619e0e4129', operation='DELETE', pgid='pgtrigger_delete_delete_44fb1', table='papers_finding', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='fieldsource',
            constraint=models.UniqueConstraint(fields=('paper', 'field', 'source'), name='one_origin_a_field_and_source'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(condition=models.Q(('state__in', ['queued', 'reading', 'matching'])), fields=['state', 'lease_until'], name='document_at_work'),
        ),
        migrations.AddIndex(
            model_name='conflict',
            index=models.Index(condition=models.Q(('decision', 'open')), fields=['paper'], name='conflict_open'),
        ),
        migrations.AddConstraint(
            model_name='conflict',
            constraint=models.UniqueConstraint(fields=('paper', 'fingerprint'), name='one_conflict_a_proposed_value'),
        ),
        migrations.AddConstraint(
            model_name='paperembedding',
            constraint=models.UniqueConstraint(fields=('paper', 'encoder'), name='one_vector_an_encoder'),
        ),
        migrations.AddConstraint(
            model_name='paperlink',
            constraint=models.UniqueConstraint(fields=('paper', 'url'), name='one_link_a_url'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='paperlink',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "papers_paperlinkevent" ("id", "kind", "paper_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "url") VALUES (NEW."id", NEW."kind", NEW."paper_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."url"); RETURN NULL;', hash='3e4b0a8319d395f827a4f98135c956f5738692e3', operation='INSERT', pgid='pgtrigger_insert_insert_bc90b', table='papers_paperlink', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='paperlink',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "papers_paperlinkevent" ("id", "kind", "paper_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "url") VALUES (OLD."id", OLD."kind", OLD."paper_id", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."url"); RETURN NULL;', hash='5b96caa56db409f676804fc6eaf03071b2d5d043', operation='UPDATE', pgid='pgtrigger_update_update_a2efe', table='papers_paperlink', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='paperlink',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "papers_paperlinkevent" ("id", "kind", "paper_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "url") VALUES (OLD."id", OLD."kind", OLD."paper_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."url"); RETURN NULL;', hash='7016c75343c865e6e641e98252f79a0ff7969d66', operation='DELETE', pgid='pgtrigger_delete_delete_d059a', table='papers_paperlink', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='paperlinkevent',
            index=models.Index(fields=['paper'], name='past_paperlink_of'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='paperlinkevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a35cd40a5bb6d6c981baa7272179c2144d29618a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_5c22c', table='papers_paperlinkevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='papertopic',
            constraint=models.UniqueConstraint(fields=('paper', 'topic'), name='one_placement_a_topic'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='papertopic',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "papers_papertopicevent" ("id", "origin", "paper_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "topic_id") VALUES (NEW."id", NEW."origin", NEW."paper_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."topic_id"); RETURN NULL;', hash='e8455f68ebf51ee33ab24af9d351b3bd7e8bc111', operation='INSERT', pgid='pgtrigger_insert_insert_f18df', table='papers_papertopic', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='papertopic',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "papers_papertopicevent" ("id", "origin", "paper_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "topic_id") VALUES (OLD."id", OLD."origin", OLD."paper_id", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."position", OLD."topic_id"); RETURN NULL;', hash='1b34b6ef8096d3c2b66925eae76041771532325e', operation='UPDATE', pgid='pgtrigger_update_update_89fc6', table='papers_papertopic', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='papertopic',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "papers_papertopicevent" ("id", "origin", "paper_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "topic_id") VALUES (OLD."id", OLD."origin", OLD."paper_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."topic_id"); RETURN NULL;', hash='8c95c580af0605c043aa7967ef346d67a0ef80f2', operation='DELETE', pgid='pgtrigger_delete_delete_8e0e5', table='papers_papertopic', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='papertopicevent',
            index=models.Index(fields=['paper'], name='past_papertopic_of'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='papertopicevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='17bb82b614ddaa76d219a91f58b1fe5733312881', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_2084b', table='papers_papertopicevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='person',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "papers_personevent" ("affiliation", "curated", "id", "merged_into_id", "name", "name_zh", "orcid", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "sources", "url") VALUES (NEW."affiliation", NEW."curated", NEW."id", NEW."merged_into_id", NEW."name", NEW."name_zh", NEW."orcid", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."slug", NEW."sources", NEW."url"); RETURN NULL;', hash='35ff25cf76f8bc970d71da4b655449b81b9ada38', operation='INSERT', pgid='pgtrigger_insert_insert_1509c', table='papers_person', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='person',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "papers_personevent" ("affiliation", "curated", "id", "merged_into_id", "name", "name_zh", "orcid", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "sources", "url") VALUES (OLD."affiliation", OLD."curated", OLD."id", OLD."merged_into_id", OLD."name", OLD."name_zh", OLD."orcid", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."slug", OLD."sources", OLD."url"); RETURN NULL;', hash='5b0204b6582519eb6647f05cd7909fb0025b5c6a', operation='UPDATE', pgid='pgtrigger_update_update_728bf', table='papers_person', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='person',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "papers_personevent" ("affiliation", "curated", "id", "merged_into_id", "name", "name_zh", "orcid", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "sources", "url") VALUES (OLD."affiliation", OLD."curated", OLD."id", OLD."merged_into_id", OLD."name", OLD."name_zh", OLD."orcid", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."slug", OLD."sources", OLD."url"); RETURN NULL;', hash='d2a61efa608f34a6f30462e234ce9932d8237df7', operation='DELETE', pgid='pgtrigger_delete_delete_06e1a', table='papers_person', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='authorshipevent',
            index=models.Index(fields=['paper'], name='past_authorship_of'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='authorshipevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2004b9ab153a892bae616b98c1e70a1ae6716651', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_4abbf', table='papers_authorshipevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='authorship',
            constraint=models.UniqueConstraint(fields=('paper', 'position'), name='one_author_a_position'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='authorship',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "papers_authorshipevent" ("affiliation", "id", "paper_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "printed_name") VALUES (NEW."affiliation", NEW."id", NEW."paper_id", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."printed_name"); RETURN NULL;', hash='761429d71dcc37969ca68b65f1ca13c573f86277', operation='INSERT', pgid='pgtrigger_insert_insert_a605c', table='papers_authorship', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='authorship',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "papers_authorshipevent" ("affiliation", "id", "paper_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "printed_name") VALUES (OLD."affiliation", OLD."id", OLD."paper_id", OLD."person_id", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."position", OLD."printed_name"); RETURN NULL;', hash='fb3541337b9854ff2599d4382a49addd4ab8675a', operation='UPDATE', pgid='pgtrigger_update_update_90179', table='papers_authorship', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='authorship',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "papers_authorshipevent" ("affiliation", "id", "paper_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "printed_name") VALUES (OLD."affiliation", OLD."id", OLD."paper_id", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."printed_name"); RETURN NULL;', hash='45f27e4d3f43a034ee4c15828af4ef6a60e5d926', operation='DELETE', pgid='pgtrigger_delete_delete_6f421', table='papers_authorship', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='acceptedauthorevent',
            index=models.Index(fields=['accepted'], name='past_acceptedauthor_of'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='acceptedauthorevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='3d46a3d2954d3fa286e89d2c25050fcb34d098d4', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_03318', table='papers_acceptedauthorevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='acceptedauthor',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "papers_acceptedauthorevent" ("accepted_id", "affiliation", "corresponding", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "printed_name") VALUES (NEW."accepted_id", NEW."affiliation", NEW."corresponding", NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."printed_name"); RETURN NULL;', hash='6632777159f6539a97db7b1d620ff6c42a3e2490', operation='INSERT', pgid='pgtrigger_insert_insert_8784e', table='papers_acceptedauthor', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='acceptedauthor',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "papers_acceptedauthorevent" ("accepted_id", "affiliation", "corresponding", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "printed_name") VALUES (OLD."accepted_id", OLD."affiliation", OLD."corresponding", OLD."id", OLD."person_id", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."position", OLD."printed_name"); RETURN NULL;', hash='5da83c3789613ec79669ccc46ae10c14f2106f5d', operation='UPDATE', pgid='pgtrigger_update_update_e53e6', table='papers_acceptedauthor', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='acceptedauthor',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "papers_acceptedauthorevent" ("accepted_id", "affiliation", "corresponding", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "printed_name") VALUES (OLD."accepted_id", OLD."affiliation", OLD."corresponding", OLD."id", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."printed_name"); RETURN NULL;', hash='c59001a2804b0fd1cdedcd78726b62f4e1b565ea', operation='DELETE', pgid='pgtrigger_delete_delete_59fc3', table='papers_acceptedauthor', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='personalias',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "papers_personaliasevent" ("folded", "id", "name", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."folded", NEW."id", NEW."name", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;', hash='fa6c201cca0aa812fead528132c8596a55409943', operation='INSERT', pgid='pgtrigger_insert_insert_1e6bf', table='papers_personalias', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='personalias',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "papers_personaliasevent" ("folded", "id", "name", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."folded", OLD."id", OLD."name", OLD."person_id", _pgh_attach_context(), NOW(), \'update\', OLD."id"); RETURN NULL;', hash='2f7940bfb232c899de166418e5a3fadefeee00f4', operation='UPDATE', pgid='pgtrigger_update_update_e63d7', table='papers_personalias', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='personalias',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "papers_personaliasevent" ("folded", "id", "name", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."folded", OLD."id", OLD."name", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;', hash='eb1f9803e16a5227a1955cc5352743e7ae3dde68', operation='DELETE', pgid='pgtrigger_delete_delete_e5085', table='papers_personalias', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='personaliasevent',
            index=models.Index(fields=['person'], name='past_personalias_of'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='personaliasevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8343c25075b72a1650d2fa77cb13a09bbfa75603', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_8b30c', table='papers_personaliasevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='personevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='fdb83be95ca22a73f9f4253aebae5a4ad1ee3bae', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_37099', table='papers_personevent', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='reference',
            index=models.Index(fields=['title_key'], name='reference_by_title'),
        ),
        migrations.AddIndex(
            model_name='reference',
            index=models.Index(condition=models.Q(('doi', ''), _negated=True), fields=['doi'], name='reference_by_doi'),
        ),
        migrations.AddIndex(
            model_name='reference',
            index=models.Index(condition=models.Q(('arxiv', ''), _negated=True), fields=['arxiv'], name='reference_by_arxiv'),
        ),
        migrations.AddConstraint(
            model_name='reference',
            constraint=models.UniqueConstraint(fields=('paper', 'position'), name='one_reference_a_position'),
        ),
        migrations.CreateModel(
            name='TalkSpeaker',
            fields=[
            ],
            options={
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=('papers.talk_speakers',),
        ),
        migrations.AddIndex(
            model_name='talkspeakerevent',
            index=models.Index(fields=['talk'], name='past_talkspeaker_of'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='talkspeakerevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e4a0db69402d5e1126075581fab1cfa89336caf3', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_01e67', table='papers_talkspeakerevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='timelineevent',
            constraint=models.UniqueConstraint(fields=('year', 'title'), name='one_timeline_event_a_title'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='timelineevent',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "papers_timelineeventevent" ("domain", "id", "paper_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "title", "why", "year") VALUES (NEW."domain", NEW."id", NEW."paper_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."title", NEW."why", NEW."year"); RETURN NULL;', hash='f2eb00d1883746ac431d239e55b9b37a96bba862', operation='INSERT', pgid='pgtrigger_insert_insert_27117', table='papers_timelineevent', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='timelineevent',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "papers_timelineeventevent" ("domain", "id", "paper_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "title", "why", "year") VALUES (OLD."domain", OLD."id", OLD."paper_id", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."title", OLD."why", OLD."year"); RETURN NULL;', hash='f6b9eed0ab5b92bd78aea43a46e4d5154fec7e95', operation='UPDATE', pgid='pgtrigger_update_update_d6f47', table='papers_timelineevent', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='timelineevent',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "papers_timelineeventevent" ("domain", "id", "paper_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "title", "why", "year") VALUES (OLD."domain", OLD."id", OLD."paper_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."title", OLD."why", OLD."year"); RETURN NULL;', hash='e3fbf6443442798a7b5432617837b08a68ef9f17', operation='DELETE', pgid='pgtrigger_delete_delete_077c7', table='papers_timelineevent', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='timelineeventevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='c6e5f5b7b14bd69fb3be47157910ecc27c99b2df', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_43e74', table='papers_timelineeventevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='topicsuggestion',
            constraint=models.UniqueConstraint(fields=('paper', 'topic'), name='one_suggestion_a_topic'),
        ),
        migrations.AddConstraint(
            model_name='upload',
            constraint=models.UniqueConstraint(fields=('document', 'by'), name='one_upload_a_sender', nulls_distinct=False),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='venue',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "papers_venueevent" ("aliases", "full_name", "id", "kind", "name", "part_of_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug") VALUES (NEW."aliases", NEW."full_name", NEW."id", NEW."kind", NEW."name", NEW."part_of_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."slug"); RETURN NULL;', hash='0e0d35cd6c3b30970d1807ca3eb8bfea16b988a0', operation='INSERT', pgid='pgtrigger_insert_insert_e2405', table='papers_venue', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='venue',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "papers_venueevent" ("aliases", "full_name", "id", "kind", "name", "part_of_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug") VALUES (OLD."aliases", OLD."full_name", OLD."id", OLD."kind", OLD."name", OLD."part_of_id", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."slug"); RETURN NULL;', hash='3be86a1d2b31162e4aceca9f57ff7ccfe086e04b', operation='UPDATE', pgid='pgtrigger_update_update_b51b9', table='papers_venue', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='venue',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "papers_venueevent" ("aliases", "full_name", "id", "kind", "name", "part_of_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug") VALUES (OLD."aliases", OLD."full_name", OLD."id", OLD."kind", OLD."name", OLD."part_of_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."slug"); RETURN NULL;', hash='c0616d7897e0433aa58ec2c56f5756382caf2a94', operation='DELETE', pgid='pgtrigger_delete_delete_e4da4', table='papers_venue', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='paperevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5ab6dd346884a7857d2a5bc22c13d30edbda0306', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_2f62b', table='papers_paperevent', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='paper',
            index=models.Index(fields=['-year', 'title'], name='paper_newest_first'),
        ),
        migrations.AddIndex(
            model_name='paper',
            index=models.Index(fields=['title', 'id'], name='paper_by_title'),
        ),
        migrations.AddIndex(
            model_name='paper',
            index=models.Index(condition=models.Q(('state', 'public'), _negated=True), fields=['id'], name='paper_not_public'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='paper',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "papers_paperevent" ("abstract", "acl", "arxiv", "awards", "contribution", "doi", "id", "key", "kind", "merged_into_id", "openreview", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "sources", "state", "texts_by", "title", "tldr", "tldr_zh", "unconfirmed", "venue_id", "venue_line", "year") VALUES (NEW."abstract", NEW."acl", NEW."arxiv", NEW."awards", NEW."contribution", NEW."doi", NEW."id", NEW."key", NEW."kind", NEW."merged_into_id", NEW."openreview", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."role", NEW."sources", NEW."state", NEW."texts_by", NEW."title", NEW."tldr", NEW."tldr_zh", NEW."unconfirmed", NEW."venue_id", NEW."venue_line", NEW."year"); RETURN NULL;', hash='18892803189ca582496e76c49b8fb95cbb0464a3', operation='INSERT', pgid='pgtrigger_insert_insert_b0728', table='papers_paper', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='paper',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."abstract" IS DISTINCT FROM (NEW."abstract") OR OLD."acl" IS DISTINCT FROM (NEW."acl") OR OLD."arxiv" IS DISTINCT FROM (NEW."arxiv") OR OLD."awards" IS DISTINCT FROM (NEW."awards") OR OLD."contribution" IS DISTINCT FROM (NEW."contribution") OR OLD."doi" IS DISTINCT FROM (NEW."doi") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."key" IS DISTINCT FROM (NEW."key") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."merged_into_id" IS DISTINCT FROM (NEW."merged_into_id") OR OLD."openreview" IS DISTINCT FROM (NEW."openreview") OR OLD."role" IS DISTINCT FROM (NEW."role") OR OLD."sources" IS DISTINCT FROM (NEW."sources") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."texts_by" IS DISTINCT FROM (NEW."texts_by") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."tldr" IS DISTINCT FROM (NEW."tldr") OR OLD."tldr_zh" IS DISTINCT FROM (NEW."tldr_zh") OR OLD."unconfirmed" IS DISTINCT FROM (NEW."unconfirmed") OR OLD."venue_id" IS DISTINCT FROM (NEW."venue_id") OR OLD."venue_line" IS DISTINCT FROM (NEW."venue_line") OR OLD."year" IS DISTINCT FROM (NEW."year"))', func='INSERT INTO "papers_paperevent" ("abstract", "acl", "arxiv", "awards", "contribution", "doi", "id", "key", "kind", "merged_into_id", "openreview", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "sources", "state", "texts_by", "title", "tldr", "tldr_zh", "unconfirmed", "venue_id", "venue_line", "year") VALUES (OLD."abstract", OLD."acl", OLD."arxiv", OLD."awards", OLD."contribution", OLD."doi", OLD."id", OLD."key", OLD."kind", OLD."merged_into_id", OLD."openreview", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."role", OLD."sources", OLD."state", OLD."texts_by", OLD."title", OLD."tldr", OLD."tldr_zh", OLD."unconfirmed", OLD."venue_id", OLD."venue_line", OLD."year"); RETURN NULL;', hash='17f3149685d2088c565a0b5f3f3ae562b64d6e97', operation='UPDATE', pgid='pgtrigger_update_update_de34d', table='papers_paper', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='paper',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "papers_paperevent" ("abstract", "acl", "arxiv", "awards", "contribution", "doi", "id", "key", "kind", "merged_into_id", "openreview", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "sources", "state", "texts_by", "title", "tldr", "tldr_zh", "unconfirmed", "venue_id", "venue_line", "year") VALUES (OLD."abstract", OLD."acl", OLD."arxiv", OLD."awards", OLD."contribution", OLD."doi", OLD."id", OLD."key", OLD."kind", OLD."merged_into_id", OLD."openreview", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."role", OLD."sources", OLD."state", OLD."texts_by", OLD."title", OLD."tldr", OLD."tldr_zh", OLD."unconfirmed", OLD."venue_id", OLD."venue_line", OLD."year"); RETURN NULL;', hash='0a05f8b655a685ae57e7050318bd2dd87fbf412d', operation='DELETE', pgid='pgtrigger_delete_delete_835e6', table='papers_paper', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='venueevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='3baa09074a68874fa675984a1204ba1a9a20bca7', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_66f9e', table='papers_venueevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='workshop',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "papers_workshopevent" ("acronym", "awards", "competition", "contact", "date", "draft_content", "edition", "format", "history", "host_conference", "id", "imported", "links", "location", "name", "news", "notes", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "previous_edition_id", "related_venues", "relation", "series", "slug", "sources", "sponsors", "status", "submission_portal", "submission_rules", "summary", "timezone", "topics", "website", "year") VALUES (NEW."acronym", NEW."awards", NEW."competition", NEW."contact", NEW."date", NEW."draft_content", NEW."edition", NEW."format", NEW."history", NEW."host_conference", NEW."id", NEW."imported", NEW."links", NEW."location", NEW."name", NEW."news", NEW."notes", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."previous_edition_id", NEW."related_venues", NEW."relation", NEW."series", NEW."slug", NEW."sources", NEW."sponsors", NEW."status", NEW."submission_portal", NEW."submission_rules", NEW."summary", NEW."timezone", NEW."topics", NEW."website", NEW."year"); RETURN NULL;', hash='c2b459da5f36c098cbac7e0555a14c4acfe20634', operation='INSERT', pgid='pgtrigger_insert_insert_21e34', table='papers_workshop', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='workshop',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "papers_workshopevent" ("acronym", "awards", "competition", "contact", "date", "draft_content", "edition", "format", "history", "host_conference", "id", "imported", "links", "location", "name", "news", "notes", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "previous_edition_id", "related_venues", "relation", "series", "slug", "sources", "sponsors", "status", "submission_portal", "submission_rules", "summary", "timezone", "topics", "website", "year") VALUES (OLD."acronym", OLD."awards", OLD."competition", OLD."contact", OLD."date", OLD."draft_content", OLD."edition", OLD."format", OLD."history", OLD."host_conference", OLD."id", OLD."imported", OLD."links", OLD."location", OLD."name", OLD."news", OLD."notes", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."previous_edition_id", OLD."related_venues", OLD."relation", OLD."series", OLD."slug", OLD."sources", OLD."sponsors", OLD."status", OLD."submission_portal", OLD."submission_rules", OLD."summary", OLD."timezone", OLD."topics", OLD."website", OLD."year"); RETURN NULL;', hash='d3481f6410f0d9b32d569664b06dc6f7adc30ff4', operation='UPDATE', pgid='pgtrigger_update_update_0d6a0', table='papers_workshop', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='workshop',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "papers_workshopevent" ("acronym", "awards", "competition", "contact", "date", "draft_content", "edition", "format", "history", "host_conference", "id", "imported", "links", "location", "name", "news", "notes", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "previous_edition_id", "related_venues", "relation", "series", "slug", "sources", "sponsors", "status", "submission_portal", "submission_rules", "summary", "timezone", "topics", "website", "year") VALUES (OLD."acronym", OLD."awards", OLD."competition", OLD."contact", OLD."date", OLD."draft_content", OLD."edition", OLD."format", OLD."history", OLD."host_conference", OLD."id", OLD."imported", OLD."links", OLD."location", OLD."name", OLD."news", OLD."notes", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."previous_edition_id", OLD."related_venues", OLD."relation", OLD."series", OLD."slug", OLD."sources", OLD."sponsors", OLD."status", OLD."submission_portal", OLD."submission_rules", OLD."summary", OLD."timezone", OLD."topics", OLD."website", OLD."year"); RETURN NULL;', hash='41662fa0d77ca472735fe64c0b1acf4c21ef62fb', operation='DELETE', pgid='pgtrigger_delete_delete_cb16b', table='papers_workshop', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='talkevent',
            index=models.Index(fields=['workshop'], name='past_talk_of'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='talkevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='07252ef707de616cb20b370724c2e17e8e02ff87', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c0b97', table='papers_talkevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='talk',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "papers_talkevent" ("accepted_id", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "slot_id", "speaker", "title", "workshop_id") VALUES (NEW."accepted_id", NEW."id", NEW."kind", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."slot_id", NEW."speaker", NEW."title", NEW."workshop_id"); RETURN NULL;', hash='986dca98b623b876e6c044fbd4e15f63eda7ef3c', operation='INSERT', pgid='pgtrigger_insert_insert_17cc9', table='papers_talk', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='talk',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "papers_talkevent" ("accepted_id", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "slot_id", "speaker", "title", "workshop_id") VALUES (OLD."accepted_id", OLD."id", OLD."kind", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."position", OLD."slot_id", OLD."speaker", OLD."title", OLD."workshop_id"); RETURN NULL;', hash='8c13c8bc256847ec9d826148f3c7412dfef29f46', operation='UPDATE', pgid='pgtrigger_update_update_2e201', table='papers_talk', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='talk',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "papers_talkevent" ("accepted_id", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "slot_id", "speaker", "title", "workshop_id") VALUES (OLD."accepted_id", OLD."id", OLD."kind", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."slot_id", OLD."speaker", OLD."title", OLD."workshop_id"); RETURN NULL;', hash='600153d242960ff1f2de2ee846441c58d35aa342', operation='DELETE', pgid='pgtrigger_delete_delete_d9ce2', table='papers_talk', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='scheduleitemevent',
            index=models.Index(fields=['workshop'], name='past_scheduleitem_of'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='scheduleitemevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8331ca20e51bcee81d6de1ec2677165aa4618605', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_1d18e', table='papers_scheduleitemevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='scheduleitem',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "papers_scheduleitemevent" ("end", "id", "kind", "label", "link", "links", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "raw_time", "start", "streamed", "title", "workshop_id") VALUES (NEW."end", NEW."id", NEW."kind", NEW."label", NEW."link", NEW."links", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."raw_time", NEW."start", NEW."streamed", NEW."title", NEW."workshop_id"); RETURN NULL;', hash='847707754bb5fa039b17550cf26aed4eae78f7a8', operation='INSERT', pgid='pgtrigger_insert_insert_279b4', table='papers_scheduleitem', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='scheduleitem',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "papers_scheduleitemevent" ("end", "id", "kind", "label", "link", "links", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "raw_time", "start", "streamed", "title", "workshop_id") VALUES (OLD."end", OLD."id", OLD."kind", OLD."label", OLD."link", OLD."links", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."position", OLD."raw_time", OLD."start", OLD."streamed", OLD."title", OLD."workshop_id"); RETURN NULL;', hash='942da461a3018e1089bf21f2eb1114f7942ead40', operation='UPDATE', pgid='pgtrigger_update_update_7918b', table='papers_scheduleitem', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='scheduleitem',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "papers_scheduleitemevent" ("end", "id", "kind", "label", "link", "links", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "raw_time", "start", "streamed", "title", "workshop_id") VALUES (OLD."end", OLD."id", OLD."kind", OLD."label", OLD."link", OLD."links", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."raw_time", OLD."start", OLD."streamed", OLD."title", OLD."workshop_id"); RETURN NULL;', hash='8ead4ed69907a0a4e051be82218b85a9a8eac54f', operation='DELETE', pgid='pgtrigger_delete_delete_2e8d3', table='papers_scheduleitem', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='acceptedpaperevent',
            index=models.Index(fields=['workshop'], name='past_acceptedpaper_of'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='acceptedpaperevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b559c83035500814fd9e638edc2cd04dc8124afa', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_fafe1', table='papers_acceptedpaperevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='acceptedpaper',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "papers_acceptedpaperevent" ("award", "id", "number", "paper_id", "pdf", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "poster", "presentation", "supplement", "title", "track", "video", "workshop_id") VALUES (NEW."award", NEW."id", NEW."number", NEW."paper_id", NEW."pdf", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."poster", NEW."presentation", NEW."supplement", NEW."title", NEW."track", NEW."video", NEW."workshop_id"); RETURN NULL;', hash='294c07ea93b415578d8e05318c908cb521034285', operation='INSERT', pgid='pgtrigger_insert_insert_e5c71', table='papers_acceptedpaper', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='acceptedpaper',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "papers_acceptedpaperevent" ("award", "id", "number", "paper_id", "pdf", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "poster", "presentation", "supplement", "title", "track", "video", "workshop_id") VALUES (OLD."award", OLD."id", OLD."number", OLD."paper_id", OLD."pdf", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."position", OLD."poster", OLD."presentation", OLD."supplement", OLD."title", OLD."track", OLD."video", OLD."workshop_id"); RETURN NULL;', hash='6f912bfae4f6072ab9c559402df5bdde92237cce', operation='UPDATE', pgid='pgtrigger_update_update_d942b', table='papers_acceptedpaper', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='acceptedpaper',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "papers_acceptedpaperevent" ("award", "id", "number", "paper_id", "pdf", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "poster", "presentation", "supplement", "title", "track", "video", "workshop_id") VALUES (OLD."award", OLD."id", OLD."number", OLD."paper_id", OLD."pdf", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."poster", OLD."presentation", OLD."supplement", OLD."title", OLD."track", OLD."video", OLD."workshop_id"); RETURN NULL;', hash='52fa4301071221ab5e81966860646b55b1de9cfc', operation='DELETE', pgid='pgtrigger_delete_delete_95388', table='papers_acceptedpaper', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='workshopdate',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "papers_workshopdateevent" ("date", "ends_at", "id", "label", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "previous", "workshop_id") VALUES (NEW."date", NEW."ends_at", NEW."id", NEW."label", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."previous", NEW."workshop_id"); RETURN NULL;', hash='df500604470001c75d140a69f60327242d15b144', operation='INSERT', pgid='pgtrigger_insert_insert_4e046', table='papers_workshopdate', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='workshopdate',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "papers_workshopdateevent" ("date", "ends_at", "id", "label", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "previous", "workshop_id") VALUES (OLD."date", OLD."ends_at", OLD."id", OLD."label", OLD."note", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."position", OLD."previous", OLD."workshop_id"); RETURN NULL;', hash='051f8de972c13f7f260b44dbfa599e81409fe83a', operation='UPDATE', pgid='pgtrigger_update_update_0ab05', table='papers_workshopdate', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='workshopdate',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "papers_workshopdateevent" ("date", "ends_at", "id", "label", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "previous", "workshop_id") VALUES (OLD."date", OLD."ends_at", OLD."id", OLD."label", OLD."note", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."previous", OLD."workshop_id"); RETURN NULL;', hash='ed6772ded8df7f67599c5e3460bde9de5d02e88f', operation='DELETE', pgid='pgtrigger_delete_delete_078d1', table='papers_workshopdate', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='workshopdateevent',
            index=models.Index(fields=['workshop'], name='past_workshopdate_of'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='workshopdateevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='675e3ff907c0c04dc93c908ebcb256ce964ce21a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_63687', table='papers_workshopdateevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='workshopevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='1e8f676c59976ec868ac7e89de11dc2832966c9d', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_6556f', table='papers_workshopevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='workshoprole',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "papers_workshoproleevent" ("affiliation", "affiliation_note", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "printed_name", "role", "status", "url", "workshop_id") VALUES (NEW."affiliation", NEW."affiliation_note", NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."printed_name", NEW."role", NEW."status", NEW."url", NEW."workshop_id"); RETURN NULL;', hash='afc0b100b1de9dce544eb3021cc707bdede5a80f', operation='INSERT', pgid='pgtrigger_insert_insert_c141e', table='papers_workshoprole', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='workshoprole',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "papers_workshoproleevent" ("affiliation", "affiliation_note", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "printed_name", "role", "status", "url", "workshop_id") VALUES (OLD."affiliation", OLD."affiliation_note", OLD."id", OLD."person_id", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."position", OLD."printed_name", OLD."role", OLD."status", OLD."url", OLD."workshop_id"); RETURN NULL;', hash='00497b23c70c96ae0268061ec33b251a2e1d9886', operation='UPDATE', pgid='pgtrigger_update_update_7a478', table='papers_workshoprole', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='workshoprole',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "papers_workshoproleevent" ("affiliation", "affiliation_note", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "printed_name", "role", "status", "url", "workshop_id") VALUES (OLD."affiliation", OLD."affiliation_note", OLD."id", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."printed_name", OLD."role", OLD."status", OLD."url", OLD."workshop_id"); RETURN NULL;', hash='0a67345ea6a2a50d2f4addd884122fb7df674dd0', operation='DELETE', pgid='pgtrigger_delete_delete_489c7', table='papers_workshoprole', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='workshoproleevent',
            index=models.Index(fields=['workshop'], name='past_workshoprole_of'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='workshoproleevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='227c6009706fcfa2f7e2be9b1d64e731205cf0c7', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_53a98', table='papers_workshoproleevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='talkspeaker',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "papers_talkspeakerevent" ("id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "talk_id") VALUES (NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."talk_id"); RETURN NULL;', hash='b254316b891232638aad24a01c389768d5e0f6e3', operation='INSERT', pgid='pgtrigger_insert_insert_2f6bd', table='papers_talk_speakers', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='talkspeaker',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "papers_talkspeakerevent" ("id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "talk_id") VALUES (OLD."id", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."talk_id"); RETURN NULL;', hash='ea2e00295d35fc24f1671252ef6e94cf9193a716', operation='DELETE', pgid='pgtrigger_delete_delete_82b4a', table='papers_talk_speakers', when='AFTER')),
        ),
        migrations.RunSQL(TITLE_INDEXES, DROP_TITLE_INDEXES),
        migrations.RunSQL(NOTE_CHANGES, FORGET_CHANGES),
        migrations.RunSQL(TOUCH_PAPERS, UNTOUCH_PAPERS),
    ]
