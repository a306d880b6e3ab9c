"""Triggers that move `updated_at` of papers; see papers/search/triggers.py."""

from django.db import migrations

from papers.search.triggers import touch_sql, untouch_sql


class Migration(migrations.Migration):

    dependencies = [('papers', '0006_history')]

    operations = [migrations.RunSQL(touch_sql(), untouch_sql())]
