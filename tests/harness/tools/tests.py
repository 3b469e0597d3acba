"""Runs the tests, as `python -m pytest` does, and answers Ctrl-C from the start."""

import sys

import pytest

INTERRUPTED = "no test has run"


def main() -> int:
    """Run what the command line names; give pytest's exit status."""
    return pytest.main(sys.argv[1:])
