import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='Topic',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=80, unique=True)),
                ('name', models.CharField(max_length=120)),
                ('name_zh', models.CharField(blank=True, max_length=120)),
                ('aliases', models.JSONField(blank=True, default=list)),
                ('definition', models.TextField(blank=True)),
                ('in_survey', models.BooleanField(default=True, help_text="False where this project added the node to the survey's tree.")),
                ('position', models.PositiveIntegerField(default=0)),
                ('path', models.CharField(db_index=True, editable=False, max_length=400)),
                ('axis', models.CharField(choices=[('instance', 'instance-wise'), ('spatial', 'spatial-wise'), ('temporal', 'temporal-wise'), ('facet', 'facet')], editable=False, max_length=10)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='taxonomy.topic')),
            ],
            options={
                'ordering': ('position',),
            },
        ),
        migrations.CreateModel(
            name='TopicEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('slug', models.SlugField(db_index=False, max_length=80)),
                ('name', models.CharField(max_length=120)),
                ('name_zh', models.CharField(blank=True, max_length=120)),
                ('aliases', models.JSONField(blank=True, default=list)),
                ('definition', models.TextField(blank=True)),
                ('in_survey', models.BooleanField(default=True, help_text="False where this project added the node to the survey's tree.")),
                ('position', models.PositiveIntegerField(default=0)),
                ('path', models.CharField(editable=False, max_length=400)),
                ('axis', models.CharField(choices=[('instance', 'instance-wise'), ('spatial', 'spatial-wise'), ('temporal', 'temporal-wise'), ('facet', 'facet')], editable=False, max_length=10)),
                ('parent', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='taxonomy.topic')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='taxonomy.topic')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='topic',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "taxonomy_topicevent" ("aliases", "axis", "definition", "id", "in_survey", "name", "name_zh", "parent_id", "path", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "slug") VALUES (NEW."aliases", NEW."axis", NEW."definition", NEW."id", NEW."in_survey", NEW."name", NEW."name_zh", NEW."parent_id", NEW."path", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."slug"); RETURN NULL;', hash='32c7474d93b8fd150acdace1e69284e48d0499fa', operation='INSERT', pgid='pgtrigger_insert_insert_e1a76', table='taxonomy_topic', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='topic',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "taxonomy_topicevent" ("aliases", "axis", "definition", "id", "in_survey", "name", "name_zh", "parent_id", "path", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "slug") VALUES (OLD."aliases", OLD."axis", OLD."definition", OLD."id", OLD."in_survey", OLD."name", OLD."name_zh", OLD."parent_id", OLD."path", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."position", OLD."slug"); RETURN NULL;', hash='44b06342c8f15f2b2e3da7fe906a580bcc6b1128', operation='UPDATE', pgid='pgtrigger_update_update_57ee3', table='taxonomy_topic', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='topic',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "taxonomy_topicevent" ("aliases", "axis", "definition", "id", "in_survey", "name", "name_zh", "parent_id", "path", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "slug") VALUES (OLD."aliases", OLD."axis", OLD."definition", OLD."id", OLD."in_survey", OLD."name", OLD."name_zh", OLD."parent_id", OLD."path", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."slug"); RETURN NULL;', hash='94097eab349e6a530608f64c47c65be13b7ee12f', operation='DELETE', pgid='pgtrigger_delete_delete_070b9', table='taxonomy_topic', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='topicevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='cd06ef3c3ad57399ced929f14262d6000b9cefdf', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_9473b', table='taxonomy_topicevent', when='BEFORE')),
        ),
    ]
