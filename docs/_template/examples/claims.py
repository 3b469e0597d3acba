"""What docs/examples/PAGE.md says."""

from tests.claims import shown


def one_day_at_a_time() -> None:
    """Each worker adds up the orders of one day at a time."""
    shown("PAGE/complete", "return day, sum(DAYS[day])")
