# /// script
# dependencies = ["joblib", "numpy", "pyarrow", "pyperf", "tqdm"]
# ///

"""Measure what sharing data between processes costs on your machine.

python examples/costs measure          all of it
python examples/costs measure --quick  in a minute or a few
python examples/costs measure --one-core  all processes on the same core
python examples/costs compare one.json other.json
python examples/costs check one.json   are the stated relations true?
"""

import argparse
import multiprocessing
import subprocess
import sys
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

if find_spec("pyperf") is None or find_spec("tqdm") is None:
    sys.exit("This needs pyperf and tqdm: python -m pip install pyperf tqdm")

import _measure
import _others
import _relations
import _results
from _groups import GROUPS
from _plan import FULL, QUICK
from pyperf import BenchmarkSuite

FEW_CORES = "One core only: what one process sends, no other takes meanwhile"
NOISE = """
too noisy: this machine is too noisy to judge. The quartiles lie on both sides of a
bound. End other programs, and measure again."""
DISTURBED = "\nOther programs used {:.0%} of the processors: end them, and measure again."


def measure(options: argparse.Namespace) -> int:
    """Measure, show the table, and keep the results."""
    _results.check_free(options.output)
    core = _results.one_core() if options.one_core else ""
    cases = _measure.chosen(options.groups)
    plan = QUICK if options.quick else FULL
    about = _results.machine() | ({"cpu_affinity": core} if core else {})
    seconds = plan.seconds_of(cases)
    print(
        f"{len(cases)} cases, {plan.rounds} times; about "
        f"{timedelta(seconds=round(seconds))}. Ctrl-C keeps what there is."
    )
    if core or about.get("cpu_count", 2) == 1:
        print(FEW_CORES)
    lines, status, others = [], 0, _others.Others()
    _measure.note_signals()
    try:
        method = options.start_method
        for line in _measure.measure(cases, plan, method, core, others.look):
            lines.append(line)
    except KeyboardInterrupt:
        print("\nInterrupted.")
        status = 128 + _measure.interrupted
    if not any("values" in line for line in lines):
        print("Nothing was measured.")
        return status or 1
    about |= {} if others.share is None else {"costs_others": others.share}
    results = _results.suite(lines, options.start_method, about)
    _results.save(results, options.output)
    show(results)
    if (share := others.share or 0) > _others.BUSY:
        print(DISTURBED.format(share))
    print(f"\nResults: {options.output}")
    return status


def show(results: BenchmarkSuite) -> None:
    """Print the table, and what is not in it."""
    group = None
    for row in _results.rows(results):
        if row.group != group:
            group = row.group
            print(f"\n{group:52}{'time (quartiles)':>24}{'x baseline':>12}")
        tool = f"{row.tool}, {row.size}" if row.size else row.tool
        times = _results.rounded(row.multiple) if row.multiple else ""
        print(f"{tool:52}{_results.spread_text(row.seconds):>24}{times:>12}")
    reasons = _results.missing(results)
    if reasons:
        print("\nNot measured")
    for name, reason in reasons.items():
        print(f"{name}: {reason}")


def compare(options: argparse.Namespace) -> int:
    """Say of each case how many times slower or faster it became."""
    for path in options.one, options.other:
        _results.read(path)
    command = [sys.executable, "-m", "pyperf", "compare_to", "--table"]
    files = [options.one, options.other]
    return subprocess.run([*command, *files]).returncode


def check(options: argparse.Namespace) -> int:
    """Say of each relation that the site states whether it is true."""
    results = _results.read(options.file)
    verdicts = set()
    for relation in _relations.read():
        ratio = relation.ratio(results)
        verdict = relation.verdict(ratio)
        verdicts.add(verdict)
        shown = "" if ratio is None else _results.ratio_text(ratio)
        print(f"{verdict:12} {shown:>22}  {relation.text}")
    if _relations.TOO_NOISY in verdicts:
        print(NOISE)
    return 1 if "NOT TRUE" in verdicts or verdicts == {"not measured"} else 0


def main() -> int | str:
    parser = argparse.ArgumentParser(
        prog="python examples/costs",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("measure", help="measure, and keep it")
    command.set_defaults(command=measure)
    command.add_argument("groups", nargs="*", metavar="GROUP")
    command.add_argument("--quick", action="store_true")
    command.add_argument("--one-core", action="store_true")
    methods = multiprocessing.get_all_start_methods()  # the default first
    command.add_argument("--start-method", choices=methods, default=methods[0])
    path = Path("costs.json")
    command.add_argument("-o", "--output", type=Path, default=path)
    command = commands.add_parser("compare", help="compare two results")
    command.set_defaults(command=compare)
    command.add_argument("one", type=Path)
    command.add_argument("other", type=Path)
    command = commands.add_parser("check", help="check the relations")
    command.set_defaults(command=check)
    command.add_argument("file", type=Path)
    options = parser.parse_args()
    for name in getattr(options, "groups", []):
        if name not in GROUPS:
            parser.error(f"no group {name!r}; there are {', '.join(GROUPS)}")
    try:
        status: int = options.command(options)
    except (_results.Unreadable, _results.Unwritable, _results.CannotPin) as error:
        return f"{error}"
    except KeyboardInterrupt:
        print("\nInterrupted.")
        return 130
    return status


if __name__ == "__main__":
    sys.exit(main())
