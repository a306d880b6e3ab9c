import community.models.collection
import community.models.review
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from community.migrations._0001_sql import (
    FORGET_APPEARANCE,
    FORGET_CHANGES,
    NOTE_APPEARANCE,
    NOTE_CHANGES,
)


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('contenttypes', '0002_remove_content_type_name'),
        ('papers', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('taxonomy', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Act',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('object_id', models.BigIntegerField()),
                ('before', models.CharField(max_length=12)),
                ('after', models.CharField(max_length=12)),
                ('at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ('reason', models.TextField(blank=True)),
            ],
            options={
                'ordering': ('at', 'id'),
            },
        ),
        migrations.CreateModel(
            name='Alarm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.UUIDField(help_text='Of one act; empty when many acts add up.', null=True)),
                ('hour', models.DateTimeField(help_text='The full hour in which it was noticed.')),
                ('record_count', models.PositiveIntegerField()),
                ('raised_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('seen_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ('-raised_at',),
            },
        ),
        migrations.CreateModel(
            name='Appearance',
            fields=[
                ('paper', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='appearance', serialize=False, to='papers.paper')),
                ('at', models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='DigestMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('state', models.CharField(choices=[('made', 'made'), ('handed_over', 'handed to the mail server'), ('sent', 'sent'), ('empty', 'nothing new'), ('failed', 'refused by the mail server')], default='made', max_length=12)),
                ('paper_count', models.PositiveIntegerField(default=0)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('problem', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'ordering': ('-made_at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='HelpfulMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name='ListEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('note', models.TextField(blank=True, max_length=4000)),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ('position', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='Mark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('to_read', 'to read'), ('read', 'read')], max_length=8)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ('-at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='PersonClaim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('statement', models.TextField(blank=True, max_length=2000, verbose_name='how a moderator can check it')),
                ('state', models.CharField(choices=[('open', 'waiting for a moderator'), ('confirmed', 'confirmed'), ('declined', 'declined'), ('withdrawn', 'withdrawn')], default='open', max_length=10)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('decided_at', models.DateTimeField(null=True)),
                ('by_orcid', models.BooleanField(default=False, help_text='Confirmed by a connected ORCID iD.')),
                ('reason', models.TextField(blank=True)),
            ],
            options={
                'ordering': ('made_at', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='Profile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, max_length=120, verbose_name='name to show')),
                ('affiliation', models.CharField(blank=True, max_length=200)),
                ('homepage', models.URLField(blank=True, max_length=300)),
                ('orcid', models.CharField(blank=True, max_length=19, verbose_name='ORCID iD')),
                ('is_public', models.BooleanField(default=False, verbose_name='show my member page to everybody')),
                ('closed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
            ],
        ),
        migrations.CreateModel(
            name='ReadingList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('description', models.TextField(blank=True, max_length=2000)),
                ('is_shared', models.BooleanField(default=False)),
                ('share_key', models.CharField(default=community.models.collection.unguessable, editable=False, max_length=32, unique=True)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ('name', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='Reply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('draft', 'draft'), ('pending', 'waiting for a moderator'), ('published', 'published'), ('declined', 'declined'), ('withdrawn', 'withdrawn by its author'), ('hidden', 'hidden by a moderator')], default='draft', max_length=10)),
                ('state_since', models.DateTimeField(default=django.utils.timezone.now)),
                ('revision', models.PositiveIntegerField(default=1, help_text='Grows with every change; the ETag of the row.')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('text', models.TextField(help_text='As it is shown; before it is public, the newest.')),
                ('latest', models.PositiveIntegerField(default=1)),
                ('public', models.PositiveIntegerField(default=1)),
                ('refused', models.PositiveIntegerField(default=0, help_text='The newest change of a public reply that a moderator declined.')),
                ('edited_at', models.DateTimeField(help_text='When the shown text was changed last.', null=True)),
            ],
            options={
                'verbose_name_plural': 'replies',
            },
        ),
        migrations.CreateModel(
            name='ReplyVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('shown_at', models.DateTimeField(null=True)),
                ('text', models.TextField()),
            ],
            options={
                'ordering': ('number',),
            },
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('object_id', models.BigIntegerField()),
                ('reason', models.TextField(max_length=2000)),
                ('state_since', models.DateTimeField(default=django.utils.timezone.now)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('outcome', models.CharField(blank=True, choices=[('', 'waiting for a moderator'), ('kept', 'the reported was kept'), ('hidden', 'the reported was hidden')], default='', max_length=8)),
            ],
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('state', models.CharField(choices=[('draft', 'draft'), ('pending', 'waiting for a moderator'), ('published', 'published'), ('declined', 'declined'), ('withdrawn', 'withdrawn by its author'), ('hidden', 'hidden by a moderator')], default='draft', max_length=10)),
                ('state_since', models.DateTimeField(default=django.utils.timezone.now)),
                ('revision', models.PositiveIntegerField(default=1, help_text='Grows with every change; the ETag of the row.')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('id', models.BigIntegerField(default=community.models.review.random_number, editable=False, primary_key=True, serialize=False)),
                ('form', models.CharField(max_length=40)),
                ('year', models.PositiveSmallIntegerField(default=0, help_text='0 for forms without years.')),
                ('signed', models.BooleanField(default=False)),
                ('conflict', models.CharField(blank=True, choices=[('', 'not said'), ('none', 'none'), ('some', 'declared')], default='', max_length=4)),
                ('conflict_text', models.TextField(blank=True)),
                ('origin', models.CharField(choices=[('here', 'written here'), ('pasted', 'imported by its author')], default='here', max_length=6)),
                ('source_url', models.URLField(blank=True, max_length=300)),
                ('source_checked', models.BooleanField(default=False, help_text='The link leads to the forum of this paper.')),
                ('printed', models.JSONField(blank=True, default=dict, help_text='Answers of choices as they were printed elsewhere.')),
                ('latest', models.PositiveIntegerField(default=0)),
                ('public', models.PositiveIntegerField(default=0)),
                ('refused', models.PositiveIntegerField(default=0, help_text='The newest change of a public review that a moderator declined.')),
                ('published_at', models.DateTimeField(db_index=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='ReviewDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content', models.JSONField(default=dict)),
                ('sequence', models.PositiveIntegerField(default=0)),
                ('tab', models.CharField(blank=True, max_length=40)),
                ('saved_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('is_handed_in', models.BooleanField(default=False, help_text='Nothing new since the last time.')),
            ],
        ),
        migrations.CreateModel(
            name='ReviewVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('values', models.JSONField(default=dict)),
                ('rating', models.CharField(blank=True, max_length=12)),
                ('confidence', models.CharField(blank=True, max_length=12)),
            ],
            options={
                'ordering': ('number',),
            },
        ),
        migrations.CreateModel(
            name='Subscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(choices=[('never', 'no mail'), ('daily', 'every day'), ('weekly', 'every week')], default='never', max_length=8)),
                ('feed_token', models.CharField(default=community.models.collection.unguessable, max_length=32, unique=True)),
                ('mail_token', models.CharField(default=community.models.collection.unguessable, max_length=32, unique=True)),
                ('told_until', models.DateTimeField(default=django.utils.timezone.now, help_text='What became visible before this was told by mail.')),
                ('tried_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Video',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('draft', 'draft'), ('pending', 'waiting for a moderator'), ('published', 'published'), ('declined', 'declined'), ('withdrawn', 'withdrawn by its author'), ('hidden', 'hidden by a moderator')], default='draft', max_length=10)),
                ('state_since', models.DateTimeField(default=django.utils.timezone.now)),
                ('revision', models.PositiveIntegerField(default=1, help_text='Grows with every change; the ETag of the row.')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('provider', models.CharField(choices=[('youtube', 'YouTube'), ('bilibili', 'Bilibili'), ('slideslive', 'SlidesLive'), ('vimeo', 'Vimeo'), ('peertube', 'PeerTube'), ('file', 'video file'), ('slides', 'slides')], max_length=12)),
                ('provider_id', models.CharField(max_length=500)),
                ('address', models.URLField(max_length=500)),
                ('start', models.PositiveIntegerField(default=0, help_text='Seconds.')),
                ('language', models.CharField(blank=True, choices=[('en', 'English'), ('zh', 'Chinese'), ('de', 'German'), ('es', 'Spanish'), ('fr', 'French'), ('ja', 'Japanese'), ('ko', 'Korean'), ('pt', 'Portuguese'), ('ru', 'Russian')], max_length=3)),
                ('kind', models.CharField(choices=[('talk', 'talk'), ('tutorial', 'tutorial'), ('walkthrough', 'walkthrough of the paper or code'), ('lecture', 'lecture'), ('poster', 'poster pitch'), ('slides', 'slides')], default='talk', max_length=12)),
                ('title', models.CharField(max_length=300)),
            ],
        ),
        migrations.AddField(
            model_name='act',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='acts', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='act',
            name='kind',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype'),
        ),
        migrations.AddField(
            model_name='alarm',
            name='account',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='alarms', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='alarm',
            name='seen_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('change', 'a change'), ('merge', 'a merge'), ('new', 'a new paper')], default='change', max_length=8)),
                ('state', models.CharField(choices=[('open', 'waiting for a curator'), ('accepted', 'accepted'), ('declined', 'declined'), ('withdrawn', 'withdrawn by its author')], default='open', max_length=10)),
                ('record_kind', models.CharField(max_length=10)),
                ('record_id', models.BigIntegerField(help_text='Empty until a new paper is made.', null=True)),
                ('base', models.JSONField(default=dict)),
                ('proposed', models.JSONField(default=dict)),
                ('written', models.JSONField(null=True)),
                ('fingerprint', models.CharField(help_text='Hash of what is proposed.', max_length=64)),
                ('reason', models.TextField()),
                ('source', models.CharField(blank=True, max_length=500)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('decided_at', models.DateTimeField(null=True)),
                ('answer', models.TextField(blank=True)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('created_at', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='Follow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('topic', 'topic'), ('person', 'person'), ('paper', 'paper'), ('search', 'search')], max_length=8)),
                ('query', models.CharField(blank=True, help_text='Query string of a search.', max_length=2000)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('seen_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('paper', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='follows', to='papers.paper')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='follows', to='papers.person')),
            ],
            options={
                'ordering': ('kind', 'made_at', 'pk'),
            },
        ),
        migrations.AddField(
            model_name='follow',
            name='topic',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='follows', to='taxonomy.topic'),
        ),
        migrations.AddField(
            model_name='follow',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='follows', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='helpfulmark',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='marks', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='listentry',
            name='paper',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='list_entries', to='papers.paper'),
        ),
        migrations.AddField(
            model_name='mark',
            name='paper',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='marks', to='papers.paper'),
        ),
        migrations.AddField(
            model_name='mark',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reading_marks', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='personclaim',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='personclaim',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='papers.person'),
        ),
        migrations.AddField(
            model_name='personclaim',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='person_claims', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='profile',
            name='user',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='profile', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='readinglist',
            name='owner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reading_lists', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='readinglist',
            name='papers',
            field=models.ManyToManyField(related_name='reading_lists', through='community.ListEntry', to='papers.paper'),
        ),
        migrations.AddField(
            model_name='listentry',
            name='reading_list',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='community.readinglist'),
        ),
        migrations.AddField(
            model_name='reply',
            name='author',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reply',
            name='parent',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='community.reply'),
        ),
        migrations.AddField(
            model_name='replyversion',
            name='reply',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='community.reply'),
        ),
        migrations.AddField(
            model_name='report',
            name='author',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='report',
            name='closed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='report',
            name='kind',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype'),
        ),
        migrations.AddField(
            model_name='review',
            name='author',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='review',
            name='paper',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='papers.paper'),
        ),
        migrations.AddField(
            model_name='reply',
            name='review',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='replies', to='community.review'),
        ),
        migrations.AddField(
            model_name='helpfulmark',
            name='review',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='marks', to='community.review'),
        ),
        migrations.AddField(
            model_name='reviewdraft',
            name='review',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='draft', to='community.review'),
        ),
        migrations.AddField(
            model_name='reviewversion',
            name='review',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='community.review'),
        ),
        migrations.AddField(
            model_name='subscription',
            name='user',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='subscription', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='digestmail',
            name='subscription',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mails', to='community.subscription'),
        ),
        migrations.AddField(
            model_name='video',
            name='author',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='video',
            name='paper',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='videos', to='papers.paper'),
        ),
        migrations.AddField(
            model_name='video',
            name='speaker',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='videos', to='papers.person'),
        ),
        migrations.AddField(
            model_name='video',
            name='talk',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='recordings', to='papers.talk'),
        ),
        migrations.AddField(
            model_name='video',
            name='workshop',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='videos', to='papers.workshop'),
        ),
        migrations.AddIndex(
            model_name='act',
            index=models.Index(fields=['kind', 'object_id'], name='act_of_thing'),
        ),
        migrations.AddConstraint(
            model_name='alarm',
            constraint=models.UniqueConstraint(condition=models.Q(('act', None), _negated=True), fields=('account', 'act'), name='one_alarm_an_act'),
        ),
        migrations.AddConstraint(
            model_name='alarm',
            constraint=models.UniqueConstraint(condition=models.Q(('act', None)), fields=('account', 'hour'), name='one_alarm_an_hour'),
        ),
        migrations.AddIndex(
            model_name='correction',
            index=models.Index(fields=['state', 'created_at'], name='correction_waiting'),
        ),
        migrations.AddIndex(
            model_name='correction',
            index=models.Index(fields=['record_kind', 'record_id'], name='correction_of_record'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('author', 'record_kind', 'record_id', 'fingerprint'), name='one_open_correction_like_this', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='follow',
            constraint=models.UniqueConstraint(fields=('user', 'kind', 'topic', 'person', 'paper', 'query'), name='followed_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='mark',
            constraint=models.UniqueConstraint(fields=('user', 'paper'), name='one_mark_a_paper_of_a_member'),
        ),
        migrations.AddConstraint(
            model_name='personclaim',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['open', 'confirmed'])), fields=('user',), name='one_living_claim_a_member'),
        ),
        migrations.AddConstraint(
            model_name='personclaim',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'confirmed')), fields=('person',), name='one_member_a_person'),
        ),
        migrations.AddConstraint(
            model_name='listentry',
            constraint=models.UniqueConstraint(fields=('reading_list', 'paper'), name='a_paper_once_in_a_list'),
        ),
        migrations.AddConstraint(
            model_name='replyversion',
            constraint=models.UniqueConstraint(fields=('reply', 'number'), name='one_reply_text_a_number'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.UniqueConstraint(condition=models.Q(('outcome', '')), fields=('kind', 'object_id', 'author'), name='one_open_report_a_member_and_thing'),
        ),
        migrations.AddIndex(
            model_name='review',
            index=models.Index(fields=['paper', 'state'], name='review_of_paper'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'withdrawn'), _negated=True), fields=('author', 'paper', 'form', 'year'), name='one_review_an_author_paper_and_form'),
        ),
        migrations.AddIndex(
            model_name='reply',
            index=models.Index(fields=['review', 'state'], name='reply_of_review'),
        ),
        migrations.AddConstraint(
            model_name='helpfulmark',
            constraint=models.UniqueConstraint(fields=('review', 'by'), name='one_mark_a_member'),
        ),
        migrations.AddConstraint(
            model_name='reviewversion',
            constraint=models.UniqueConstraint(fields=('review', 'number'), name='one_version_a_number'),
        ),
        migrations.AddConstraint(
            model_name='video',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['draft', 'withdrawn', 'declined']), _negated=True), fields=('paper', 'provider', 'provider_id'), name='one_video_a_paper'),
        ),
        migrations.AddConstraint(
            model_name='video',
            constraint=models.UniqueConstraint(condition=models.Q(models.Q(('state__in', ['draft', 'withdrawn', 'declined']), _negated=True), ('paper', None)), fields=('workshop', 'provider', 'provider_id'), name='one_video_a_workshop'),
        ),
        migrations.AddConstraint(
            model_name='video',
            constraint=models.CheckConstraint(condition=models.Q(('paper', None), ('workshop', None), _negated=True), name='video_of_something'),
        ),
        migrations.RunSQL(NOTE_APPEARANCE, FORGET_APPEARANCE),
        migrations.RunSQL(NOTE_CHANGES, FORGET_CHANGES),
    ]
