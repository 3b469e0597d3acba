"""What docs/pitfalls/PAGE.md says."""

from tests.claims import shown


def silent() -> None:
    """Silent. No error. The program ends with exit status 0 and the
    wrong result.
    """
    shown("PAGE/fails", "Output\nOrders: []")
