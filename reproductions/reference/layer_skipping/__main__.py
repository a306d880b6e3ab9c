"""``python -m reproductions.reference.layer_skipping --scale exact``"""

from reproductions import protocol

from .experiment import run


def main() -> None:
    """Read the options, run, report."""
    args = protocol.parser("layer_skipping", scales=("exact", "smoke", "toy")).parse_args()
    with protocol.Reporter.from_args(args) as report:
        run(args, report)


if __name__ == "__main__":
    main()
