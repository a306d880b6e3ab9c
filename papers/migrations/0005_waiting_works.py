"""Works of members wait for a curator; licences are confirmed. What is here already stays public."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


def confirm_what_is_here(apps, schema_editor):
    """Licences of earlier versions were in force when they were said, and all senders trusted."""
    Document = apps.get_model("papers", "Document")
    said = Document.objects.exclude(licence="")
    said.update(licence_confirmed_at=django.utils.timezone.now())
    apps.get_model("papers", "Upload").objects.update(is_trusted=True)


class Migration(migrations.Migration):

    dependencies = [
        ('papers', '0004_learning'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='document',
            name='licence_by',
            field=models.ForeignKey(help_text='Who says so.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='document',
            name='licence_confirmed_at',
            field=models.DateTimeField(help_text="Until then it is the sender's word, and the file is not handed out.", null=True),
        ),
        migrations.AddField(
            model_name='document',
            name='licence_confirmed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='upload',
            name='is_trusted',
            field=models.BooleanField(default=False, help_text='Sent by a curator or the operator: public without being asked.'),
        ),
        migrations.RunPython(confirm_what_is_here, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='document',
            name='effect',
            field=models.CharField(blank=True, choices=[('', '—'), ('new', 'a new paper'), ('enriched', 'an existing paper enriched'), ('known', 'an existing paper, nothing to add'), ('waiting', 'a new paper that waits for a curator'), ('offered', 'an existing paper, what it adds waits for a curator')], default='', max_length=10),
        ),
        migrations.CreateModel(
            name='WaitingWork',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('accepted', 'public'), ('refused', 'refused'), ('withdrawn', 'withdrawn by its sender')], default='waiting', max_length=10)),
                ('sent_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('candidate', models.JSONField(help_text='papers.ingest.candidate.Candidate, as JSON values.')),
                ('title', models.CharField(max_length=500)),
                ('title_key', models.CharField(help_text='The title, folded, without spaces.', max_length=500)),
                ('words', models.TextField(help_text='All that is searched in it.')),
                ('fingerprint', models.CharField(help_text='Hash of the candidate.', max_length=64)),
                ('may_be_reason', models.CharField(blank=True, max_length=300)),
                ('evidence', models.JSONField(default=list, help_text='What other sources said, oldest first.')),
                ('checked_at', models.DateTimeField(help_text='When other sources were last asked.', null=True)),
                ('written', models.JSONField(default=dict, help_text='What accepting it wrote into a record.')),
                ('confirmed_by', models.CharField(blank=True, help_text='The source that agreed.', max_length=120)),
                ('decided_at', models.DateTimeField(null=True)),
                ('reason', models.TextField(blank=True)),
                ('seen_at', models.DateTimeField(help_text='When its sender saw the decision.', null=True)),
                ('adds_to', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='waiting_additions', to='papers.paper')),
                ('batch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='waiting_works', to='papers.importbatch')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='waiting_works', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('document', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='waiting_works', to='papers.document')),
                ('may_be', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='waiting_namesakes', to='papers.paper')),
                ('paper', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='waiting_before', to='papers.paper')),
            ],
            options={
                'ordering': ('sent_at', 'pk'),
                'indexes': [models.Index(fields=['state', 'sent_at'], name='waiting_work_in_turn'), models.Index(fields=['title_key'], name='waiting_work_by_title')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('by', 'fingerprint'), name='one_waiting_work_like_this', nulls_distinct=False)],
            },
        ),
    ]
