"""``python -m reproductions.reference.pondernet --scale toy``"""

from reproductions import protocol

from .experiment import run


def main() -> None:
    """Read the options, run, report."""
    scales = ("smoke", "toy", "reduced", "full")
    args = protocol.parser("pondernet", scales=scales, default="toy").parse_args()
    with protocol.Reporter.from_args(args) as report:
        run(args, report)


if __name__ == "__main__":
    main()
