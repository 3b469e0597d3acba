"""How much is measured, and of what."""

from dataclasses import dataclass

from _case import Case


@dataclass(frozen=True)
class Plan:
    """How often each case is timed, and how long at least."""

    rounds: int
    """Each in processes of its own."""
    values: int
    """Timed one after the other in a round."""
    seconds: float
    """For one value: loops are doubled until it takes so long."""

    def seconds_of(self, cases: list[Case]) -> float:
        """About what it takes to measure them all."""
        return self.rounds * sum(map(self.weight_of, cases)) / 1000

    def weight_of(self, case: Case) -> int:
        """About what a round of the case takes, in milliseconds.

        Data is taken to pass at 1 GB/s.
        """
        size = 0 if case.group == "contention" else case.size or 0
        value = max(self.seconds, size / 1e9)
        return round(1000 * (0.04 + value * (self.values_of(value) + 2)))

    def values_of(self, seconds: float) -> int:
        """How many values to take, if one takes so long."""
        return self.values if seconds < 20 * self.seconds else 1


FULL = Plan(rounds=5, values=3, seconds=0.05)
QUICK = Plan(rounds=2, values=2, seconds=0.01)
