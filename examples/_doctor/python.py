"""Items about this Python: how it starts processes, and what is wrong with its release."""

from collections.abc import Iterator
from pathlib import PureWindowsPath

from examples._doctor.faults import FAULTS
from examples._doctor.machine import Line, Machine, listed
from tests.harness.read.versions import named
from tests.harness.read.words import read_case


def interpreter(machine: Machine) -> Iterator[Line]:
    """What children would be started with."""
    about, found = "Python", f"{machine.implementation} {named(machine.release)}"
    if machine.implementation != "cpython":
        means = "What this site says was checked with CPython"
        yield Line(about, found, means, "left-out.md")
    elif machine.frozen:
        means = "Under spawn and forkserver, a child starts the whole program again"
        do = "Call freeze_support() first under the main guard"
        yield Line(about, f"{found}, frozen", means, "frameworks/frozen.md", do)
    elif not PureWindowsPath(machine.executable).name.lower().startswith("python"):
        means = f"A child would be started with {machine.executable or 'nothing'}"
        do = "Name the interpreter with multiprocessing.set_executable()"
        page = "frameworks/containers.md#windows-services"
        yield Line(about, f"{found}, embedded in another program", means, page, do)
    elif machine.interactive:
        means = "A child does not find functions that are typed in, except under fork"
        page = "pitfalls/function-not-found.md"
        yield Line(about, f"{found}, interactive", means, page)
    else:
        means = "A plain interpreter, with which children can be started"
        yield Line(about, found, means, "syntax/start-methods.md")


def start_methods(machine: Machine) -> Iterator[Line]:
    """Which ones there are, and what the default means."""
    default, *others = machine.start_methods
    found = f"{default} is the default"
    if others:
        found += f"; {listed(others)} can be chosen"
    page, do = "syntax/start-methods.md#which-one-is-the-default", ""
    if default == "fork":
        means = "In Python 3.14 and later, it is forkserver, under which some programs fail"
        page = "moving-to-3.14.md#am-i-affected"
    elif default == "forkserver":
        means = "A child imports the program, and does not have what the parent has changed"
    elif machine.system == "Linux":
        means = "It would be forkserver, but no folder for temporary files can be written to"
        do = "Set TMPDIR to a folder that this user can write to"
    else:
        means = "A child imports the program, and does not have what the parent has changed"
    yield Line("Start methods", found, means, page, do)


def threads(machine: Machine) -> Iterator[Line]:
    """Whether threads run Python code at the same time."""
    page = "decisions/threads-or-processes.md"
    if not machine.without_gil:
        found, means = "no", "One thread at a time runs Python code: use processes for that"
    elif machine.gil:
        found = "yes, but the GIL is on"
        means = "PYTHON_GIL=1, -X gil=1 or an imported module has turned it on"
    else:
        found, means = "yes", "Threads may do, without any process; each library must allow it"
    yield Line("Free threading", found, means, page)


def faults(machine: Machine) -> Iterator[Line]:
    """What is known to be wrong with this release."""
    if machine.implementation != "cpython":
        return
    about = f"Fault of Python {named(machine.release)}"
    for fault in FAULTS:
        case = read_case(fault.label)
        if any(case.covers(m, machine.release, machine.system) for m in machine.start_methods):
            ends = [end for first, end in case.pythons.ranges if first <= machine.release < end]
            means = f"Fixed in Python {named(ends[0])}"
            yield Line(about, fault.what, means, fault.page, f"{fault.do}, or update Python")
