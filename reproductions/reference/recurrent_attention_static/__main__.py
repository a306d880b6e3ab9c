"""``python -m reproductions.reference.recurrent_attention_static --scale full --data DIR``"""

from reproductions import protocol

from .experiment import run


def main() -> None:
    """Read the options, run, report."""
    slug, scales = "recurrent_attention_static", ("smoke", "full")
    args = protocol.parser(slug, scales=scales, default="full").parse_args()
    with protocol.Reporter.from_args(args) as report:
        run(args, report)


if __name__ == "__main__":
    main()
