"""The command line of `python -m examples`. It needs Python alone."""

import argparse
import ast
import difflib
import errno
import multiprocessing
import os
import sys
from contextlib import suppress
from pathlib import Path

from examples import _interrupts
from examples._inline import PACKAGES, missing, needed_python
from examples._options import add_start_method, seconds
from examples._pipe import ReaderLeft, close_quietly, passed_on
from examples._runner import TIME_LIMIT, run
from tests.harness.read.pages import read_fences
from tests.harness.read.words import Case, read_case, read_title

FOLDER = Path(__file__).parent
USAGE = """python -m examples [list [WORD ...]]
       python -m examples PROGRAM [--start-method METHOD] [--time-limit SECONDS]
       python -m examples trace [--start-method METHOD] [--time-limit SECONDS] [-o FILE]
                                PROGRAM [ARG ...]
       python -m examples check FILE... [--json | --github] [--moving-to VERSION]
       python -m examples doctor [--json]"""
OPTIONS = {"check": ("json", "github", "moving_to"), "doctor": ("json",)}

UNWRITABLE = errno.ENOSPC, errno.EFBIG, errno.EIO
"""Errors of a file or a terminal to which the output goes."""


def command() -> None:
    """Run the command line as a process of its own, and exit; Ctrl-C and SIGTERM end all of it."""
    for name in "stdout", "stderr":
        if getattr(sys, name) is None:  # closed, as by `>&-`
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
    try:
        status = _interrupts.command(main)
        sys.stdout.flush()
    except (BrokenPipeError, ReaderLeft):
        close_quietly()
        status = 141  # as of a program that SIGPIPE ends
    except OSError as error:
        if error.errno not in UNWRITABLE:
            raise
        with suppress(OSError):
            print(f"Not all could be written: {error.strerror}", file=sys.stderr)
        close_quietly()
        status = 1
    sys.exit(status)


def main() -> int:
    """List, run, check or ask about the machine; the exit status is that of what was done."""
    if sys.argv[1:2] == ["trace"]:  # whose program has options of its own
        from examples._trace.report import trace

        return trace(sys.argv[2:])
    parser = argparse.ArgumentParser(
        prog="python -m examples",
        usage=USAGE,
        description="List the programs of the site, run one as the site's tests do, find mistakes "
        "in programs of several processes, or tell what of this machine matters to them. "
        "`trace --help` tells of trace, which shows what the processes of your program do.",
    )
    parser.add_argument(
        "words", nargs="*", metavar="list [WORD ...] | PROGRAM | check FILE... | doctor",
        help="list the programs that have all these words in their name or description; "
        "or run one, <page>/<program>; or check files, folders and notebooks, without running "
        "them; or ask about this machine; without any, list all",
    )  # fmt: skip
    add_start_method(parser)
    parser.add_argument(
        "--time-limit", type=seconds, metavar="SECONDS",
        help="stop it, and all that it started, after so long; without it, after "
        f"{TIME_LIMIT:g} seconds, or as its page says of a program that hangs by design",
    )  # fmt: skip
    parser.add_argument(
        "--json", action="store_true", help="with check and doctor: tell it as JSON"
    )
    parser.add_argument(
        "--github", action="store_true", help="with check: as annotations of GitHub's workflows"
    )
    parser.add_argument(
        "--moving-to", choices=["3.14"], metavar="VERSION",
        help="with check: only what changes with the default start method of %(choices)s",
    )  # fmt: skip
    arguments = parser.parse_intermixed_args()
    words: list[str] = arguments.words
    does = words[0] if words[:1] == ["check"] or words == ["doctor"] else ""
    for option in ("json", "github", "moving_to"):
        if getattr(arguments, option) and option not in OPTIONS.get(does, ()):
            parser.error(f"--{option.replace('_', '-')} is not for this: see --help")
    if does == "doctor":
        from examples._doctor.report import doctor  # half of what the command would import

        return doctor(arguments.json)
    if does == "check":
        if not words[1:]:
            parser.error("name the files or folders to check")
        if arguments.json and arguments.github:
            parser.error("--json and --github are two forms: choose one")
        from examples._checker.report import check

        form = "json" if arguments.json else "github" if arguments.github else "text"
        return check(words[1:], form, moving=bool(arguments.moving_to))
    if not words or words[0] == "list":
        return show(words[1:])
    if len(words) > 1:
        parser.error("name one program; or write `list`, and the words to look for")
    name = words[0].removeprefix("examples/").removesuffix(".py")
    return execute(name, arguments.start_method, arguments.time_limit)


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


def having(words: list[str]) -> dict[str, str]:
    """Names and descriptions of the programs that have all the words in these."""
    found = {}
    for name, path in programs().items():
        told = description(path)
        if all(word.lower() in f"{name} {told}".lower() for word in words):
            found[name] = told
    return found


def show(words: list[str]) -> int:
    """List the programs that have all the words; the exit status is 1 if none has."""
    found = having(words)
    if not found:
        told = f"No program has {' and '.join(words)} in its name or description."
        print(f"{told} `python -m examples` lists them all.", file=sys.stderr)
        return 1
    width = max(map(len, found))
    for name, told in found.items():
        print(f"{name:{width}}  {told}")
    return 0


def execute(name: str, method: str | None, time_limit: float | None) -> int:
    """Run a program, and tell what its own output does not; its exit status, or 1 or 2."""
    known = programs()
    if name not in known:
        print(f"No program {name!r}. {hint(name, known)}", file=sys.stderr)
        return 2
    source = known[name].read_text("utf-8")
    packages, commands = missing(source)
    if python := needed_python(source):
        print(
            f"{name} needs {python}: run it with that, "
            f"or let uv find one: `uv run examples/{name}.py`",
            file=sys.stderr,
        )
        return 2
    if packages:
        print(
            f"{name} needs {' and '.join(packages)}: install with "
            f"`{Path(sys.executable).name} -m pip install {' '.join(packages)}`, "
            f"or let uv do it: `uv run examples/{name}.py`",
            file=sys.stderr,
        )
    if commands:
        told = f"{name} needs {' and '.join(commands)}: install with the system's package manager"
        found = " ".join(PACKAGES.get(command, command) for command in commands)
        print(f"{told}, on Debian and Ubuntu `apt install {found}`", file=sys.stderr)
    if packages or commands:
        return 2
    by_design = limit_on_page(name, method or multiprocessing.get_all_start_methods()[0])
    limit = time_limit or by_design or TIME_LIMIT
    if by_design:
        told = f"[{name} hangs by design: it is watched for {limit:g} s, then stopped]"
        print(told, file=sys.stderr, flush=True)
    with passed_on():
        outcome = run(known[name], method, limit, capture=False)
    for fault in outcome.faults:
        print(f"[{name} {fault}]", file=sys.stderr)
    if outcome.status is None:
        print(f"[{name}: still running after {limit:g} s]", file=sys.stderr)
        return 1
    if outcome.status:
        print(f"[{name}: exit status {outcome.status}]", file=sys.stderr)
    return outcome.status


def hint(name: str, known: dict[str, Path]) -> str:
    """What may have been meant by a name that no program has."""
    if near := difflib.get_close_matches(name, known, n=3, cutoff=0.6):
        return f"Did you mean {' or '.join(near)}? `python -m examples` lists them all."
    if count := len(having([name])):
        return f"`python -m examples list {name}` lists {count} with this word."
    return "`python -m examples` lists them all."


def limit_on_page(name: str, method: str) -> int | None:
    """The seconds after which the program still runs, if its page says so of this case."""
    for page in (FOLDER.parent / "docs").rglob(f"{name.partition('/')[0]}.md"):
        fences, _ = read_fences(page.read_text("utf-8").splitlines(), page.name)
        outputs = [fence for fence in fences if fence.include.startswith(f"{name}.")]
        for fence in outputs[1:]:  # after the program itself
            with suppress(ValueError):  # of words that the tests refuse
                words, case = read_title(fence.title), Case()
                for label in fence.tabs:
                    case &= read_case(label)
                if words.limit and case.covers(method):
                    return words.limit
    return None
