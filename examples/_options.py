"""Options that several commands have."""

import argparse
import math
import multiprocessing


def seconds(text: str) -> float:
    """A time limit, as the type of an argument; ArgumentTypeError unless it is a number above 0."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 < number < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds above 0")
    return number


def add_start_method(parser: argparse.ArgumentParser) -> None:
    """Let a command choose how a program starts its processes."""
    parser.add_argument(
        "--start-method", choices=multiprocessing.get_all_start_methods(), metavar="METHOD",
        help="%(choices)s; without it, the default of this Python",
    )  # fmt: skip
