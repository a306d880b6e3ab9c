"""``python -m reproductions.reference.resolution_exits --scale reduced --data DIR``"""

from reproductions import protocol

from .experiment import run


def main() -> None:
    """Read the options, run, report."""
    scales = ("smoke", "reduced")
    args = protocol.parser("resolution_exits", scales=scales, default="reduced").parse_args()
    with protocol.Reporter.from_args(args) as report:
        run(args, report)


if __name__ == "__main__":
    main()
