"""``python -m reproductions.reference.spatial_masks --scale exact``"""

from reproductions import protocol

from .experiment import run


def main() -> None:
    """Read the options, run, report."""
    args = protocol.parser("spatial_masks", scales=("exact", "smoke", "toy")).parse_args()
    with protocol.Reporter.from_args(args) as report:
        run(args, report)


if __name__ == "__main__":
    main()
