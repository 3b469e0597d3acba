"""Options that several commands have."""

import argparse
import math


def seconds(text: str) -> float:
    """A time limit, as the type of an argument; ArgumentTypeError unless it is a number above 0."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 < number < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds above 0")
    return number
