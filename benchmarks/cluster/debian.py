"""Debian's programs that the cluster needs: where they are, and how to get what is missing."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Program:
    """A program by its place in a Debian system, and the package that brings it."""

    place: str
    package: str


POSTGRES = "/usr/lib/postgresql/17"
NEEDED = (
    Program(f"{POSTGRES}/bin/postgres", "postgresql"),
    Program("/usr/share/postgresql/17/extension/vector.control", "postgresql-17-pgvector"),
    Program("/usr/sbin/nginx", "nginx-light"),
    Program("/usr/bin/valkey-server", "valkey-server"),
    Program("/usr/lib/rabbitmq/bin/rabbitmq-server", "rabbitmq-server"),
    Program("/usr/bin/openssl", "openssl"),
)


def missing_packages(root: Path) -> list[str]:
    """Packages of Debian 13 that the system below `root` does not have."""
    return [one.package for one in NEEDED if not (root / one.place.lstrip("/")).exists()]


def reasons_against(root: Path) -> list[str]:
    """Why the cluster cannot be built here, and what to do about each; empty when it can."""
    reasons = []
    if os.geteuid() != 0:
        reasons.append("Only root can make machines with namespaces and users: run it as root.")
    if shutil.which("unshare") is None:
        reasons.append("`unshare` is missing: apt-get install util-linux")
    packages = " ".join(missing_packages(root))
    if packages and root == Path("/"):
        reasons.append(
            f"Missing: {packages}. On Debian 13: apt-get install {packages}. Elsewhere, make a "
            "Debian 13 in a folder (debootstrap trixie /srv/debian13), install them there "
            f"(chroot /srv/debian13 apt-get install {packages}), and say --debian /srv/debian13."
        )
    elif packages:
        reasons.append(
            f"Missing in {root}: chroot {root} apt-get install --no-install-recommends {packages}"
        )
    try:
        import moto.server  # type: ignore[import-untyped]  # noqa: F401
    except ImportError:
        reasons.append("The S3 server is missing: pip install -c constraints.txt .[cluster]")
    return reasons
