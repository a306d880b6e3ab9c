"""The benchmark of several machines: what it tells each part, counts, and asks for."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from benchmarks.cluster import configs, debian, drills, failover, tallies, trips
from benchmarks.cluster.machines import NETWORKS, Machine, free_network, write_names
from benchmarks.cluster.parts import NUMBERS, OF_SITE, RABBIT, VALKEY
from benchmarks.cluster.site import Site
from benchmarks.faults.tallies import NO_ANSWER, Kept, Reads, Verdict


@pytest.fixture(params=[RABBIT, VALKEY])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Site:
    """Its parts; nothing is started."""
    return Site(tmp_path, Path("/srv/debian13"), request.param, Path("/srv/code"))


def test_every_machine_has_an_address_and_a_user_of_its_own_and_knows_the_others(
    site: Site, tmp_path: Path
) -> None:
    machines = list(site.machines.values())
    write_names(tmp_path, machines)
    hosts = dict(
        reversed(line.split()) for line in (tmp_path / "hosts").read_text().splitlines()[1:]
    )

    assert hosts == {machine.name: machine.address for machine in machines}
    assert len({machine.user for machine in machines}) == len(machines)
    assert all(address.startswith("127.") for address in hosts.values())
    assert str(machines[0].user) in (tmp_path / "passwd").read_text()


def test_a_machine_is_told_nothing_of_this_process(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://somewhere/else")
    machine = Machine("worker1", 21, Path("/tmp/x"), environment={"KB_STATIC": "hashed"})
    told = machine._environment()

    assert "DATABASE_URL" not in told
    assert (told["KB_STATIC"], told["HOME"]) == ("hashed", "/tmp/x/worker1")


def test_a_cache_of_its_own_is_only_there_where_the_broker_is_none(site: Site) -> None:
    told = site.environment(site.shared, site.code)

    if site.broker == RABBIT:
        assert told["CELERY_BROKER_URL"].startswith("amqp://")
        assert told["CACHE_URL"] == "redis://cache:6379/1"
    else:
        assert "cache" not in site.machines
        assert told["CELERY_BROKER_URL"] == "redis://broker:6379/0"
        assert told["CACHE_URL"] == "redis://broker:6379/1"
    assert "target_session_attrs=read-write" in told["DATABASE_URL"]


def test_nothing_listens_beyond_the_loopback_interface(site: Site) -> None:
    proxy, broker, database = site["proxy"], site["broker"], site["database1"]

    assert f"listen {proxy.address}:8443 ssl;" in configs.proxy(proxy, [site["web1"]])
    assert f"listen_addresses = '{database.address}'" in configs.database(database)
    assert f"{broker.address}:5672" in configs.rabbit(broker, "word")
    assert configs.rabbit_environment(broker)["ERL_EPMD_ADDRESS"] == broker.address
    assert configs.valkey(broker)[2] == broker.address


def test_every_machine_is_taken_away_at_least_once(site: Site) -> None:
    names = " ".join(drill.name for drill in drills.drills(site.broker))
    for word in (*OF_SITE, "proxy", "broker", "files", "standby", "primary"):
        assert word in names
    assert ("cache" in names) == (site.broker == RABBIT)
    assert set(site.machines) <= set(NUMBERS)


def test_what_is_missing_is_told_with_the_way_to_get_it(tmp_path: Path) -> None:
    assert debian.missing_packages(tmp_path) == [one.package for one in debian.NEEDED]
    for one in debian.NEEDED[1:]:
        place = tmp_path / one.place.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()
    reasons = " ".join(debian.reasons_against(tmp_path))

    assert debian.missing_packages(tmp_path) == ["postgresql"]
    assert f"chroot {tmp_path} apt-get install --no-install-recommends postgresql" in reasons


def test_it_was_felt_from_the_beginning_until_the_last_request_that_failed() -> None:
    reads, writes = Reads(), Reads()
    row = tallies.Row("web1, killed", 100.0, reads, writes)
    reads.note("/", 200)
    assert row.felt_seconds == 0

    reads.note("/", NO_ANSWER)
    writes.note("POST /api/v1/lists/", 503, tells_when=True)
    reads.last_failed_at, writes.last_failed_at = 101.5, 104.0
    assert row.felt_seconds == 4.0
    assert [cell.strip() for cell in row.cells().split("|")[3:8]] == ["3", "1", "1", "1", "4.0"]
    assert row.is_good


@pytest.mark.parametrize("name", ["lost", "doubled", "stuck"])
def test_a_row_is_bad_where_anything_was_lost_or_did_not_come_back(name: str) -> None:
    verdict = Verdict(**{name: [Kept("list", "one", "mia")]})

    assert not tallies.Row("x", 0.0, Reads(), Reads(), verdict=verdict).is_good
    assert not tallies.Row("x", 0.0, Reads(), Reads(), problem="not quiet").is_good


@pytest.mark.parametrize(
    ("heading", "row"),
    [
        (tallies.HEADING, tallies.Row("x", 0.0, Reads(), Reads(), problem="a | b\nc")),
        (trips.HEADING, trips.Arrival("upload", 1.0, "lost | here")),
    ],
)
def test_each_row_has_a_cell_for_each_heading(
    heading: str, row: tallies.Row | trips.Arrival
) -> None:
    assert row.cells().count("|") == heading.splitlines()[0].count("|")
    assert "\n" not in row.cells()


def test_the_longest_pause_of_a_writer_is_that_between_two_acknowledgements() -> None:
    writer = failover.Writer("", acknowledged=[(1.0, 1), (9.0, 2), (10.0, 3), (12.5, 4)])

    assert writer.longest_pause(0) == 8.0
    assert writer.longest_pause(2) == 2.5  # the one before counts as its beginning
    assert failover.Writer("").longest_pause(0) == 0.0


def test_a_second_cluster_takes_the_next_network() -> None:
    with socket.socket() as taken:
        taken.bind((f"{NETWORKS[0]}.5", 0))
        port = taken.getsockname()[1]
        assert free_network(5, port) == NETWORKS[0]
        taken.listen()
        assert free_network(5, port) == NETWORKS[1]
