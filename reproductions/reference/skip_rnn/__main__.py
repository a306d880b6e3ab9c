"""``python -m reproductions.reference.skip_rnn --scale exact``"""

from reproductions import protocol

from .experiment import run


def main() -> None:
    """Read the options, run, report."""
    args = protocol.parser(
        "skip_rnn", scales=("exact", "smoke", "toy", "reduced", "full")
    ).parse_args()
    with protocol.Reporter.from_args(args) as report:
        run(args, report)


if __name__ == "__main__":
    main()
