"""``python -m reproductions.runner --site URL --token T``: perform runs for a site.

    … --site URL --token T                    take waiting runs, one after the other, until stopped
    … key --site URL                          print the public key and a proof, for the page
    … crate PROGRAM --scale S --seed N -o F   run without a site, into a signed RO-Crate
    … hand-in FOLDER_OR_ZIP --site URL …      hand a crate in

The token has the scope “run”. It may stand in KB_RUNNER_TOKEN instead, where no list of processes
shows it.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

from reproductions.attested import signing
from reproductions.attested.crates import crate_of, packed_folder
from reproductions.judging.manifest import ManifestError
from reproductions.programs import REFERENCE, UnknownProgram, program_in
from reproductions.protocol import DEVICES, SCALES
from reproductions.runner.machine import Lent, devices, words
from reproductions.runner.site import LeaseEnded, Site, SiteRefuses, Unreachable
from reproductions.runner.work import Reporter, perform, silently, telling
from reproductions.runs.confined import Machine

KEPT = Path.home() / ".living-survey"
ASK_SECONDS, LONGEST_PAUSE = 15.0, 120.0


class Stopped(Exception):
    """The owner ends the runner."""


def say(text: str) -> None:
    """A line for the owner."""
    print(text, flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command says; 0, or 1 with a sentence on standard error."""
    args = _parser().parse_args(arguments)
    commands: dict[str, Callable[[argparse.Namespace], int]] = {
        "work": _work,
        "key": _key,
        "crate": _crate,
        "hand-in": _hand_in,
    }
    try:
        return commands[args.command](args)
    except Stopped:
        say("Stopped.")
        return 0
    except (SiteRefuses, Unreachable, signing.BadKey, UnknownProgram, ManifestError) as error:
        print(error, file=sys.stderr)
    except (FileNotFoundError, KeyError) as error:
        print(f"Not found: {error}", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m reproductions.runner",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    choices = ("work", "key", "crate", "hand-in")
    parser.add_argument("command", nargs="?", default="work", choices=choices)
    parser.add_argument("what", nargs="?", default="", help="a program, or a crate")
    parser.add_argument("--site", default="", help="address of the site")
    parser.add_argument("--token", default=os.environ.get("KB_RUNNER_TOKEN", ""))
    parser.add_argument("--key", type=Path, default=KEPT / "runner.key", help="file of the key")
    parser.add_argument("--name", default=words(), help="of this machine, for people")
    parser.add_argument("--data", type=Path, default=None, help="folder with real data sets")
    parser.add_argument("--device", action="append", choices=DEVICES, help="default: all found")
    parser.add_argument("--scale", action="append", choices=SCALES, help="default: all")
    parser.add_argument("--program", action="append", help="default: all")
    parser.add_argument("--threads", type=int, default=1, help="of a program")
    parser.add_argument("--memory-gib", type=float, default=6.0, help="of a program")
    parser.add_argument("--once", action="store_true", help="end after one run, or when none waits")
    parser.add_argument("--seed", type=int, default=None, help="of a crate; default: the first")
    parser.add_argument("-o", "--out", type=Path, default=None, help="file of a crate")
    parser.add_argument("--package", default=REFERENCE, help="package of the programs")
    return parser


def _lent(args: argparse.Namespace) -> Lent:
    data = args.data.resolve() if args.data else None
    return Lent(
        machine=Machine(
            threads=max(1, args.threads),
            memory_bytes=int(args.memory_gib * 2**30),
            data=data,
            private=[args.key.resolve().parent],
        ),
        package=args.package,
        devices=args.device or devices(),
        scales=args.scale or [scale for scale in SCALES if scale != "smoke"],
        programs=args.program or (),
    )


def _site(args: argparse.Namespace) -> Site:
    if not args.site:
        raise SiteRefuses("Which site? Add --site https://…")
    if not args.token:
        raise SiteRefuses("Add --token lsv_…, or set KB_RUNNER_TOKEN: a token with the scope “run”")
    return Site(args.site, args.token)


def _key(args: argparse.Namespace) -> int:
    if not args.site:
        raise SiteRefuses("The proof holds for one site: add --site https://…")
    key = signing.key_in(args.key)
    host = Site(args.site, "").host
    say(f"public key   {key.public}")
    say(f"proof        {key.sign(signing.registration(host))}")
    say(f"fingerprint  {signing.fingerprint(key.public)}")
    return 0


def _work(args: argparse.Namespace) -> int:
    key, lent = signing.key_in(args.key), _lent(args)
    _stop_on_signals()
    with _site(args) as site:
        proof = key.sign(signing.registration(site.host))
        known = site.register(name=args.name, public_key=key.public, proof=proof)
        runner = int(known["id"])
        say(f"{known['name']}, {known['state']}, key {signing.fingerprint(key.public)}")
        equipment = lent.equipment()
        say(f"offers {', '.join(lent.devices)}; {', '.join(lent.scales)}; data sets: "
            f"{', '.join(equipment['data_sets']) or 'none'}")  # fmt: skip
        pause, last_words = ASK_SECONDS, ""
        while True:
            try:
                given = site.take(runner, equipment)
                words = " ".join(given["why"])
            except (SiteRefuses, Unreachable) as error:
                given, words = {"run": None}, str(error)
            if given["run"]:
                _perform(site, runner, given["run"], lent, key)
                pause = ASK_SECONDS
            elif words != last_words:
                say(words or "nothing waits")
            last_words = words
            if args.once:
                return 0
            if not given["run"]:
                time.sleep(pause)
                pause = min(pause * 1.5, LONGEST_PAUSE)


def _perform(
    site: Site, runner: int, given: dict[str, Any], lent: Lent, key: signing.RunnerKey
) -> None:
    """One run from the site: its record is delivered, or kept as a crate."""
    run, lease = int(given["id"]), str(given["lease"])
    what = f"{given['program']}, {given['scale']} scale, seed {given['seed']}, {given['device']}"
    say(f"run {run}: {what}")
    reporter = Reporter(telling(site, runner, run, lease))
    try:
        record = perform(
            program_in(lent.package, given["program"]),
            scale=given["scale"],
            seed=int(given["seed"]),
            device=given["device"],
            lent=lent,
            reporter=reporter,
            key=key,
            asked=(site.address, run),
        )
    except Stopped:
        try:
            site.give_back(runner, run, lease)
        except (SiteRefuses, Unreachable) as error:
            say(f"run {run} could not be given back, its lease will end: {error}")
        raise
    if reporter.lease_ended:
        say(f"run {run}: {reporter.stop}")
        return
    signature = key.sign(record)
    try:
        site.deliver(runner, run, lease, record, signature)
        say(f"run {run}: delivered")
    except LeaseEnded:
        answer = site.hand_in(crate_of(record, signature))
        say(f"run {run}: its lease had ended; handed in as a crate, {answer['state']}")
    except (SiteRefuses, Unreachable) as error:
        kept = KEPT / f"run-{run}-crate.zip"
        kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        kept.write_bytes(crate_of(record, signature))
        say(f"run {run}: {error}\n  kept as {kept}")


def _crate(args: argparse.Namespace) -> int:
    key, lent = signing.key_in(args.key), _lent(args)
    program = program_in(args.package, args.what)
    scale = args.scale[0] if args.scale else next(iter(program.manifest.scales))
    seed = args.seed if args.seed is not None else program.manifest.scales[scale].seeds[0]
    device = lent.devices[-1]
    record = perform(
        program,
        scale=scale,
        seed=seed,
        device=device,
        lent=lent,
        reporter=Reporter(silently),
        key=key,
    )
    out = args.out or Path(f"{program.slug}-{scale}-{seed}-crate.zip")
    out.write_bytes(crate_of(record, key.sign(record)))
    say(f"{out}: {program.slug}, {scale} scale, seed {seed}, {device}")
    return 0


def _hand_in(args: argparse.Namespace) -> int:
    place = Path(args.what)
    crate = packed_folder(place) if place.is_dir() else place.read_bytes()
    with _site(args) as site:
        answer = site.hand_in(crate)
    say(f"{answer['state']}: {answer['url']}")
    return 0


def _stop_on_signals() -> None:
    def stop(number: int, frame: FrameType | None) -> None:
        raise Stopped

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)


if __name__ == "__main__":
    raise SystemExit(main())
