"""The counter as others install it: without the site, and with the same counts."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import notebooks

CLIENT = Path(__file__).resolve().parents[2] / "clients" / "counter"

NETWORK = """
import torch
from torch import nn

def lenet():
    return nn.Sequential(nn.Conv2d(1, 5, 5), nn.ReLU(), nn.Flatten(), nn.Linear(5 * 24 * 24, 10))
"""
MACS = 24 * 24 * 5 * 25 + 5 * 24 * 24 * 10


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A folder with the package installed in it; built from a copy, so that nothing is left here."""
    place = tmp_path_factory.mktemp("installed")
    copy = tmp_path_factory.mktemp("checkout")
    for part in ("clients/counter", "reproductions/protocol"):
        shutil.copytree(CLIENT.parents[1] / part, copy / part)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--target", str(place)]
    subprocess.run([*pip, *options, str(copy / "clients/counter")], check=True)
    (place / "mine.py").write_text(NETWORK)
    return place


def told(place: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """What Python says when only that folder and the environment can be imported."""
    command = [sys.executable, "-P", *arguments]
    variables = {"PYTHONPATH": str(place), "PATH": "/usr/bin:/bin"}
    return subprocess.run(command, cwd=place, env=variables, capture_output=True, text=True)


def test_the_command_counts_a_network_of_somebody_else(installed):
    shown = told(installed, "-m", "network_cost", "mine:lenet", "--input", "1,1,28,28")

    assert shown.returncode == 0, shown.stderr
    rows = dict(line.split() for line in shown.stdout.replace(",", "").splitlines())
    assert int(rows["mac:conv-fc"]) == MACS
    assert int(rows["flop2:conv-fc"]) == 2 * MACS
    assert int(rows["parameters"]) == 5 * 25 + 5 + 28800 + 10


def test_it_agrees_with_pytorch_and_stops_at_what_it_does_not_know(installed):
    script = """
import torch, network_cost, mine
image = torch.empty(1, 1, 28, 28, device="meta")
net = mine.lenet().to("meta").eval()
print(*network_cost.beside_torch(net, image))
try:
    network_cost.count(torch.linalg.qr, torch.rand(3, 3))
except network_cost.UnknownOperator as error:
    print(error)
"""
    shown = told(installed, "-c", script)

    assert shown.returncode == 0, shown.stderr
    counts, refused = shown.stdout.splitlines()
    assert counts == f"{2 * MACS} {2 * MACS}"
    assert "linalg_qr" in refused


def test_the_notebook_shows_what_its_cells_say(installed, monkeypatch):
    monkeypatch.syspath_prepend(str(installed))
    notebook = CLIENT / "notebooks" / "counting.ipynb"

    names, shown = notebooks.run(notebook)

    assert shown == notebooks.kept(notebook)
    first = 32 * 32 * 16 * 3 * 9 + 16 * 10
    assert names["costs"] == [first, first - 160 + 16 * 16 * 32 * 16 * 9 + 32 * 10]
