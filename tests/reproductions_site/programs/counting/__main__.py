"""Measures two costs, or one accuracy a seed."""

from reproductions import protocol

args = protocol.parser("counting", scales=("exact", "smoke", "toy")).parse_args()
with protocol.Reporter.from_args(args) as report:
    report.progress(1, 2, note="half way")
    if args.scale == "toy":
        report.measure(
            "often-right", 90.0 + args.seed, metric="accuracy", unit="%", setting="digits"
        )
    else:
        cost = {"metric": "macs", "unit": "1", "convention": "mac:conv-fc"}
        report.measure("small", 150.2e6, setting="small network", **cost)
        report.measure("large", 325.4e6, setting="large network", **cost)
    for step in range(3):
        report.point("loss", step, 1 / (step + 1), label=f"step {step}")
    report.progress(2, 2)
