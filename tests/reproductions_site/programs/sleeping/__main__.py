"""Sleeps, with a child that sleeps too."""

import subprocess
import sys
import time

from reproductions import protocol

args = protocol.parser("sleeping", scales=("smoke",)).parse_args()
with protocol.Reporter.from_args(args) as report:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    report.log("asleep")
    time.sleep(600)
