"""The sequence of changes of what everybody can see: one number for the state of the public site.

Triggers on all tables but private ones write a row of `public_change` for each transaction that
changed something. What a snapshot of the database sees of these rows tells which transactions it
sees, whatever order they end in: `state` counts and sums them. It changes with every commit that
readers could notice, and with little else.
"""

from __future__ import annotations

from django.apps import apps
from django.db import connection
from django.db.models import Model

from work.job import Job

OURS = ("accounts", "taxonomy", "papers", "reproductions", "community")
# Tables whose rows no page and no answer shows to readers without an account.
PRIVATE = frozenset(
    {
        "accounts.apitoken",
        "accounts.idempotencykey",
        "accounts.mail",
        "papers.find",
        "papers.importbatch",
        "papers.listedperson",
        "papers.listingchange",
        "papers.paperchange",
        "papers.sourceanswer",
        "papers.sourcevisit",
        "papers.upload",
        "papers.waitingwork",
        "papers.workshoporganiser",
        "community.act",
        "community.alarm",
        "community.appearance",
        "community.correction",
        "community.digestmail",
        "community.follow",
        "community.listimport",
        "community.mark",
        "community.report",
        "community.reviewdraft",
        "community.schedulestar",
        "community.stepdone",
        "community.subscription",
        "community.workshoprequest",
    }
)
# Columns by which workers hold jobs and accounts are seen to sign in: nothing that is shown.
UNSEEN = ("attempts", "lease", "lease_until", "worker", "sent_at", "last_login")
KEPT_MINUTES = 15

_TABLE = """
CREATE TABLE IF NOT EXISTS public_change (
    id bigserial PRIMARY KEY,
    transaction bigint NOT NULL UNIQUE DEFAULT (pg_current_xact_id()::text)::bigint,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE OR REPLACE FUNCTION note_public_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF TG_ARGV[0] = 'seen' THEN
            IF NOT EXISTS (SELECT FROM after_change) THEN RETURN NULL; END IF;
        ELSIF NOT EXISTS (
            SELECT to_jsonb(a) - TG_ARGV FROM after_change a
            EXCEPT SELECT to_jsonb(b) - TG_ARGV FROM before_change b
        ) THEN RETURN NULL;
        END IF;
    ELSIF TG_OP = 'DELETE' THEN
        IF NOT EXISTS (SELECT FROM before_change) THEN RETURN NULL; END IF;
    END IF;
    INSERT INTO public_change DEFAULT VALUES ON CONFLICT (transaction) DO NOTHING;
    RETURN NULL;
END $$;
"""
_TRIGGERS = """
CREATE OR REPLACE TRIGGER public_change_added AFTER INSERT OR TRUNCATE ON "{table}"
    FOR EACH STATEMENT EXECUTE FUNCTION note_public_change();
CREATE OR REPLACE TRIGGER public_change_updated AFTER UPDATE ON "{table}"
    REFERENCING OLD TABLE AS before_change NEW TABLE AS after_change
    FOR EACH STATEMENT EXECUTE FUNCTION note_public_change({columns});
CREATE OR REPLACE TRIGGER public_change_deleted AFTER DELETE ON "{table}"
    REFERENCING OLD TABLE AS before_change
    FOR EACH STATEMENT EXECUTE FUNCTION note_public_change();
"""
_STATE = "SELECT count(*), coalesce(sum(id), 0), coalesce(max(id), 0) FROM public_change"
_FORGET = """
DELETE FROM public_change WHERE at < now() - interval '%s minutes'
    AND id < (SELECT max(id) FROM public_change)
"""


def public_models() -> list[type[Model]]:
    """The models whose rows readers without an account can see something of."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in OURS
        and model._meta.managed
        and not model._meta.proxy
        and model._meta.label_lower not in PRIVATE
    ]


def install() -> None:
    """Make table, function and triggers. Done again it changes nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLE)
        for model in public_models():
            unseen = _unseen(model)
            columns = ", ".join(f"'{name}'" for name in unseen) if unseen else "'seen'"
            cursor.execute(_TRIGGERS.format(table=model._meta.db_table, columns=columns))


def _unseen(model: type[Model]) -> list[str]:
    """Columns of a job or an account whose change shows nowhere; for other tables none is."""
    if not (issubclass(model, Job) or model._meta.label_lower == "accounts.user"):
        return []
    columns = {field.column for field in model._meta.concrete_fields}
    return [name for name in UNSEEN if name in columns]


def state() -> str:
    """The state of the public site, as this transaction sees it. One query, under a millisecond."""
    with connection.cursor() as cursor:
        cursor.execute(_STATE)
        return ".".join(str(number) for number in cursor.fetchone())


def forget_old() -> int:
    """Drop rows that only make the sum longer; returns how many. The next state is a new one."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET % KEPT_MINUTES)
        return int(cursor.rowcount)
