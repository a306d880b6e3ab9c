from django.db import migrations, models

from papers.migrations._0014_sql import FORGET, NOTE


class Migration(migrations.Migration):
    dependencies = [("papers", "0013_kinds_of_dates")]

    operations = [
        migrations.CreateModel(
            name="ListedPerson",
            fields=[
                ("person_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("papers", models.PositiveIntegerField()),
                ("family", models.CharField(max_length=200, null=True)),
                ("folded", models.CharField(max_length=200)),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["-papers", "family", "folded", "person_id"],
                        name="listed_by_papers",
                    ),
                    models.Index(
                        fields=["family", "folded", "person_id"], name="listed_by_family"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ListingChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("person_id", models.BigIntegerField(null=True)),
                ("paper_id", models.BigIntegerField(null=True)),
            ],
        ),
        migrations.RunSQL(NOTE, FORGET),
        # Whoever is there already is counted by the next fold.
        migrations.RunSQL(
            "INSERT INTO papers_listingchange (person_id)"
            " SELECT 0 WHERE EXISTS (SELECT FROM papers_person)",
            migrations.RunSQL.noop,
        ),
    ]
