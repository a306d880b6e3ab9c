"""Triggers that write the change sequence; see papers/models/change_triggers.py."""

from django.db import migrations

from papers.models.change_triggers import create_sql, drop_sql


class Migration(migrations.Migration):

    dependencies = [
        ('papers', '0001_initial'),
        ('taxonomy', '0001_initial'),
    ]

    operations = [migrations.RunSQL(create_sql(), drop_sql())]
