"""``python -m reproductions.reference.deep_thinking --scale exact``"""

from reproductions import protocol

from .experiment import run


def main() -> None:
    """Read the options, run, report."""
    scales = ("exact", "smoke", "toy", "reduced", "full")
    args = protocol.parser("deep_thinking", scales=scales).parse_args()
    with protocol.Reporter.from_args(args) as report:
        run(args, report)


if __name__ == "__main__":
    main()
