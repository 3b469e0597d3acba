"""Lists the programs of the site, or runs one as the site's tests do."""

import argparse
import ast
import difflib
import importlib.util
import multiprocessing
import sys
from pathlib import Path

from examples import _interrupts
from examples._inline import dependencies
from examples._runner import TIME_LIMIT, run

FOLDER = Path(__file__).parent


def programs() -> dict[str, Path]:
    """Every program, by its name `<page>/<program>`."""
    return {
        path.relative_to(FOLDER).with_suffix("").as_posix(): path
        for path in sorted(FOLDER.glob("[!_.]*/[!_]*.py"))
    }


def description(path: Path) -> str:
    """The first line of a program's docstring, or nothing where it has none."""
    try:
        tree = ast.parse(path.read_text("utf-8"), path)
    except SyntaxError as error:
        return f"(a syntax error in line {error.lineno})"
    return (ast.get_docstring(tree) or "").partition("\n")[0]


def missing(path: Path) -> list[str]:
    """The packages that a program needs and that are not installed."""
    declared = dependencies(path.read_text("utf-8"))
    return [name for name in declared if importlib.util.find_spec(name) is None]


def main() -> int:
    """Run the command line; the exit status is the program's own."""
    parser = argparse.ArgumentParser(prog="python -m examples", description=__doc__)
    parser.add_argument("program", nargs="?", help="its name, <page>/<program>; without it, list")
    parser.add_argument("--start-method", choices=multiprocessing.get_all_start_methods())
    parser.add_argument(
        "--time-limit", type=float, default=TIME_LIMIT, metavar="SECONDS",
        help="stop it, and all that it started, after so long (default: %(default)g)",
    )  # fmt: skip
    arguments = parser.parse_args()
    known = programs()
    if arguments.program is None:
        width = max(map(len, known))
        for name, path in known.items():
            print(f"{name:{width}}  {description(path)}")
        return 0

    name = arguments.program.removeprefix("examples/").removesuffix(".py")
    if name not in known:
        near = difflib.get_close_matches(name, known, n=3, cutoff=0.4)
        hint = f"Did you mean {' or '.join(near)}? " if near else ""
        print(f"No program {name!r}. {hint}`python -m examples` lists them all.", file=sys.stderr)
        return 2

    if packages := missing(known[name]):
        print(
            f"{name} needs {' and '.join(packages)}: install with "
            f"`{Path(sys.executable).name} -m pip install {' '.join(packages)}`, "
            f"or let uv do it: `uv run examples/{name}.py`",
            file=sys.stderr,
        )
        return 2

    outcome = run(known[name], arguments.start_method, arguments.time_limit, capture=False)
    for fault in outcome.faults:
        print(f"[{name} {fault}]", file=sys.stderr)
    if outcome.status is None:
        print(f"[{name}: still running after {arguments.time_limit:g} s]", file=sys.stderr)
        return 1
    if outcome.status:
        print(f"[{name}: exit status {outcome.status}]", file=sys.stderr)
    return outcome.status


if __name__ == "__main__":
    sys.exit(_interrupts.command(main))
