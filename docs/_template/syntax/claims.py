"""What docs/syntax/PAGE.md says."""

from tests.claims import shown


def under_every_start_method() -> None:
    """The program on this page prints the same under every start
    method: `fork`, `forkserver` and `spawn`.
    """
    shown("PAGE/smallest", "Output\nRain: 11")
