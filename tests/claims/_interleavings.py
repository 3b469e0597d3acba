"""What becomes of processes that each load a value, add 1 and store it, in every order.

A schedule is the order of their steps, such as ABABAB. This is a second way to find out what
docs/assets/race-model.js computes, and it is held against real processes.
"""

from collections import Counter
from collections.abc import Iterator
from functools import cache

STEPS = 3  # LOAD, ADD, STORE
Processes = tuple[
    tuple[int, int], ...
]  # of each the steps that it has made, and what it has loaded


def total(schedule: str) -> int:
    """What is stored after a schedule."""
    stored = 0
    made, loaded = Counter[str](), {}
    for name in schedule:
        if made[name] % STEPS == 0:
            loaded[name] = stored
        elif made[name] % STEPS == 2:
            stored = loaded[name] + 1
        made[name] += 1
    return stored


def schedules(steps: dict[str, int]) -> Iterator[str]:
    """Each order of so many steps of each process."""
    if not any(steps.values()):
        yield ""
    for name, left in steps.items():
        if left:
            yield from (name + rest for rest in schedules({**steps, name: left - 1}))


def is_serial(schedule: str) -> bool:
    """Whether each increment ends before another begins, as under a lock."""
    parts = [schedule[start : start + STEPS] for start in range(0, len(schedule), STEPS)]
    return all(len(set(part)) == 1 for part in parts)


def count(processes: int, increments: int, locked: bool = False) -> Counter[int]:
    """How many schedules end with each total."""

    @cache
    def rest(stored: int, state: Processes) -> Counter[int]:
        found = Counter[int]()
        held = locked and any(made % STEPS for made, _ in state)
        for place, (made, loaded) in enumerate(state):
            if made < STEPS * increments and (made % STEPS or not held):
                others = state[:place] + state[place + 1 :]
                left = stored if made % STEPS == 0 else 0 if made % STEPS == 2 else loaded
                after = loaded + 1 if made % STEPS == 2 else stored
                found += rest(after, tuple(sorted((*others, (made + 1, left)))))
        return found or Counter({stored: 1})

    return rest(0, ((0, 0),) * processes)
