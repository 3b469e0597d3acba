"""Measures the cases of one group, and prints a line of JSON for each."""

import json
import multiprocessing
import os
import sys
import time

from _case import CannotMeasure, Case, Run
from _groups import GROUPS
from _plan import Plan


def timed(run: Run, loops: int) -> float:
    """Seconds that this many loops take."""
    started = time.perf_counter()
    run(loops)
    return time.perf_counter() - started


def measure(case: Case, plan: Plan) -> dict[str, object]:
    """Warm up, find how many loops it takes, and take the values.

    Values and warm-ups are seconds for one loop.
    """
    with case.ready() as (run, _):
        loops = case.size or 1 if case.group == "contention" else 1
        # Once before: processes start and import on the first call.
        warmups = [(loops, timed(run, loops) / loops)]
        while True:
            seconds = timed(run, loops)
            warmups.append((loops, seconds / loops))
            if seconds >= plan.seconds:
                break
            loops *= 2
        values = [timed(run, loops) / loops for _ in range(plan.values_of(seconds))]
    return {"loops": loops, "warmups": warmups, "values": values}


def main() -> None:
    """Do what the command line says: group, start method, core or none, numbers of a plan."""
    group, start_method, cores, *numbers = sys.argv[1:]
    plan = Plan(int(numbers[0]), int(numbers[1]), float(numbers[2]))
    if cores:  # the processes that it starts inherit it
        os.sched_setaffinity(0, {int(cores)})
    multiprocessing.set_start_method(start_method)
    for case in GROUPS[group].cases:
        try:
            found = measure(case, plan)
        except CannotMeasure as reason:
            found = {"missing": str(reason)}
        except Exception as error:
            found = {"missing": f"{type(error).__name__}: {error}"}
            for child in multiprocessing.active_children():
                child.terminate()  # it waits for what the case does not send any more
        print(json.dumps({"name": case.name, **found}), flush=True)
