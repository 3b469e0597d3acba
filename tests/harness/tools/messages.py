"""Lists the messages in the source of this Python's multiprocessing and process pools.

Each is on a line with its file, its line there and what raises or tells it. Whether the page
of messages has them all is what `tests/test_messages.py` checks.
"""

import argparse

from tests.harness.read.raised import messages

INTERRUPTED = "the list is not complete"


def main() -> int:
    """Print the list; the exit status is 0."""
    argparse.ArgumentParser(
        prog="python -m tests.harness messages", description=__doc__
    ).parse_args()
    for message in messages():
        print(message)
    return 0
