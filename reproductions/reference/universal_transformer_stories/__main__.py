"""``python -m reproductions.reference.universal_transformer_stories --scale reduced``"""

from reproductions import protocol

from .experiment import run


def main() -> None:
    """Read the options, run, report."""
    scales = ("smoke", "reduced", "full")
    args = protocol.parser("universal_transformer_stories", scales=scales, default="reduced")
    with protocol.Reporter.from_args(options := args.parse_args()) as report:
        run(options, report)


if __name__ == "__main__":
    main()
