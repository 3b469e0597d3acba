"""The relations that the site states, and whether results bear them out."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

import pyperf
from _results import Spread, rounded, spreads

TOO_NOISY = "too noisy"
BESIDE = Path(__file__).with_name("_relations.toml")


@dataclass(frozen=True)
class Relation:
    """A statement about how many times one case costs another."""

    text: str
    """As the site states it."""
    cost: str
    of: str
    """Names of cases: the ratio is the time of `cost` by that of `of`."""
    at_least: float = 0
    at_most: float = float("inf")

    def ratio(self, results: pyperf.BenchmarkSuite) -> Spread | None:
        """The measured one; None where a case was not measured."""
        found = spreads(results)
        if self.cost in found and self.of in found:
            return found[self.cost].over(found[self.of])
        return None

    @property
    def bounds(self) -> str:
        """Between which it is taken to be true."""
        if self.at_most == float("inf"):
            return f"at least {rounded(self.at_least)}"
        if not self.at_least:
            return f"at most {rounded(self.at_most)}"
        return f"{rounded(self.at_least)} to {rounded(self.at_most)}"

    def verdict(self, ratio: Spread | None) -> str:
        """In a word or two: whether all that the quartiles allow lies within the bounds."""
        if ratio is None:
            return "not measured"
        if ratio.high < self.at_least or ratio.low > self.at_most:
            return "NOT TRUE"
        held = self.at_least <= ratio.low and ratio.high <= self.at_most
        return "true" if held else TOO_NOISY


def read(path: Path = BESIDE) -> list[Relation]:
    """All of them, in their order."""
    tables = tomllib.loads(path.read_text("utf-8"))["relation"]
    return [Relation(**table) for table in tables]
