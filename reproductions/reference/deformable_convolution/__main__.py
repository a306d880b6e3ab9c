"""``python -m reproductions.reference.deformable_convolution``"""

from reproductions import protocol

from .experiment import run


def main() -> None:
    """Read the options, run, report."""
    scales = ("exact", "smoke", "reduced")
    args = protocol.parser("deformable_convolution", scales=scales, default="exact").parse_args()
    with protocol.Reporter.from_args(args) as report:
        run(args, report)


if __name__ == "__main__":
    main()
