"""Triggers that move `updated_at` of papers; see papers/models/change_triggers.py."""

from django.db import migrations

from papers.models.change_triggers import touch_sql, untouch_sql


class Migration(migrations.Migration):

    dependencies = [('papers', '0006_history')]

    operations = [migrations.RunSQL(touch_sql(), untouch_sql())]
