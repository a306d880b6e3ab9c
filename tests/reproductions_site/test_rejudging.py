"""When a printed number is corrected on a running site, its verdicts follow."""

from __future__ import annotations

import pytest
import yaml
from django.core.management import call_command
from django.test import Client

from reproductions.models import PublishedNumber
from reproductions.runs.perform import perform
from reproductions.runs.start import start_run
from tests import make
from tests.reproductions_site.test_ledger import ROW

pytestmark = pytest.mark.django_db(transaction=True)


def settled() -> list[tuple[str, str, float | None]]:
    rows = PublishedNumber.objects.order_by("setting")
    return list(rows.values_list("setting", "state", "judgement__published"))


def test_a_corrected_digit_on_the_site_changes_the_verdict_and_keeps_the_run(counted):
    run, _ = start_run(program="counting", scale="exact")
    perform(run.pk)
    measured = list(run.measurements.values_list("identifier", "value"))
    assert settled()[1] == ("small network", "exact", 150.0)
    number = PublishedNumber.objects.get(setting="small network")
    client = Client()
    client.force_login(make.member("root", is_staff=True, is_superuser=True))
    address = f"/admin/reproductions/publishednumber/{number.pk}/change/"
    form = client.get(address).context["adminform"].form
    values = {name: value for name, value in form.initial.items() if value is not None}
    values |= {"printed": "160", "paper": number.paper_id}
    values = {name: value for name, value in values.items() if value is not False}

    answer = client.post(address, values)

    assert answer.status_code == 302, answer.context["adminform"].form.errors
    assert settled() == [("large network", "outside", 317.0), ("small network", "outside", 160.0)]
    assert list(run.measurements.values_list("identifier", "value")) == measured
    assert run.judgements.count() == 2


def test_a_corrected_file_judges_again_and_an_unchanged_one_does_not(tmp_path, capsys):
    make.paper("Counted Networks", key="counted2020")
    (tmp_path / "numbers").mkdir()
    file = tmp_path / "numbers" / "counted2020.yaml"
    rows = [ROW, {**ROW, "setting": "large network", "value": 317}]
    file.write_text(yaml.safe_dump(rows))
    call_command("load_numbers", str(tmp_path))
    run, _ = start_run(program="counting", scale="exact")
    perform(run.pk)

    rows[1]["value"] = 325
    file.write_text(yaml.safe_dump(rows))
    call_command("load_numbers", str(tmp_path))
    first = capsys.readouterr().out
    call_command("load_numbers", str(tmp_path))

    assert "runs judged again, as their numbers were corrected: 1" in first
    assert "corrected: 0" in capsys.readouterr().out
    assert [state for _, state, _ in settled()] == ["within", "exact"]
