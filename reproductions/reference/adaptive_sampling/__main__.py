"""``python -m reproductions.reference.adaptive_sampling --scale toy``"""

from reproductions import protocol

from .experiment import run


def main() -> None:
    """Read the options, run, report."""
    args = protocol.parser("adaptive_sampling", scales=("smoke", "toy"), default="toy").parse_args()
    with protocol.Reporter.from_args(args) as report:
        run(args, report)


if __name__ == "__main__":
    main()
