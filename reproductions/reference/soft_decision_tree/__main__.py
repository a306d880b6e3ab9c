"""``python -m reproductions.reference.soft_decision_tree --scale full --data data/datasets``"""

from reproductions import protocol

from .experiment import run


def main() -> None:
    """Read the options, run, report."""
    scales = ("smoke", "full")
    args = protocol.parser("soft_decision_tree", scales=scales, default="full").parse_args()
    with protocol.Reporter.from_args(args) as report:
        run(args, report)


if __name__ == "__main__":
    main()
