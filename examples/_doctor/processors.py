"""Items about processors, and about the threads that libraries start on them."""

import math
from collections.abc import Iterator

from examples._doctor import cgroups
from examples._doctor.machine import Line, Machine, listed

VARIABLES = (
    *("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"),
    *("VECLIB_MAXIMUM_THREADS", "NUMEXPR_NUM_THREADS"),
)


def at_once(machine: Machine) -> int:
    """How many processes can run at the same time."""
    time = cgroups.processors(machine)
    return machine.usable if time is None else min(machine.usable, math.ceil(time))


def processors(machine: Machine) -> Iterator[Line]:
    """How many workers there are by default, and how many can run."""
    found, most = f"{machine.processors} in all", at_once(machine)
    if machine.usable < machine.processors:
        found += f"; this process may use {machine.usable}"
    if (time := cgroups.processors(machine)) is not None:
        found += f"; its cgroup has the time of {time:g}"
    means = f"A pool or an executor has {machine.workers} workers by default"
    do = ""
    if machine.workers > most:
        means += f", and no more than {most} can run at a time"
        do = f"Pass processes={most} to a Pool, and max_workers={most} to an executor"
        if machine.release >= (3, 13, 0):
            do += f"; or set PYTHON_CPU_COUNT={most}"
    page = "frameworks/containers.md#the-number-of-workers"
    yield Line("Processors", found, means, page, do)


def threads(machine: Machine) -> Iterator[Line]:
    """How many threads libraries for numbers start in each process."""
    if not machine.libraries:
        return
    values = [(name, machine.environment.get(name, "")) for name in VARIABLES]
    found = listed(machine.libraries) + (" is" if len(machine.libraries) == 1 else " are")
    page = "frameworks/numpy.md#the-fix"
    if limits := [f"{name}={value}" for name, value in values if value]:
        means = "The libraries that read these variables start no more threads than that"
        yield Line("BLAS and OpenMP", f"{found} installed; {listed(limits)}", means, page)
        return
    found += f" installed; none of {listed(list(VARIABLES)).replace(' and', ' or')} is set"
    means = f"Each process that uses one may start up to {machine.usable} threads"
    do = ""
    if machine.workers * machine.usable > (most := at_once(machine)):
        total = machine.workers * machine.usable
        means += f": {machine.workers} workers up to {total}, of which {most} can run at a time"
    if machine.usable > most:
        do = "Set OMP_NUM_THREADS=1 before the program starts"
    yield Line("BLAS and OpenMP", found, means, page, do)
