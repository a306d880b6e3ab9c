"""``python -m reproductions.reference.local_experts --scale full --data data/datasets``"""

from reproductions import protocol

from .experiment import run


def main() -> None:
    """Read the options, run, report."""
    args = protocol.parser("local_experts", scales=("smoke", "full"), default="full").parse_args()
    with protocol.Reporter.from_args(args) as report:
        run(args, report)


if __name__ == "__main__":
    main()
