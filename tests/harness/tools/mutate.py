"""Proves that the checks check; `nox -s mutate` and `nox -s mutate -- <page>`.

In a copy of the repository, each recorded output in turn is changed by one
character, and so is each `#>` and each output of a notebook. Then the tests of
its page must fail for exactly the program that it belongs to. An output of some
Pythons only is changed under the newest of them that this machine has.

Each `assert` and `raises` of a check in `tests/claims` is turned around, and then the
check must fail.
"""

import argparse
import ast
import json
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing import get_all_start_methods
from pathlib import Path

from tests.harness import work
from tests.harness.read.claims import file_of, name_of
from tests.harness.read.model import Program, Shown, Site
from tests.harness.read.site import ROOT, read_site
from tests.harness.read.versions import EVERY, THIS, Release, Versions, named
from tests.harness.read.words import METHODS, SYSTEM
from tests.harness.run import notebooks
from tests.harness.run.pythons import find_pythons
from tests.harness.tools.update import chosen

INTERRUPTED = "what was changed is a copy, which is removed"
LAST = re.compile(r"[0-9A-Za-z](?=[^0-9A-Za-z]*\Z)")


@dataclass
class Mutation:
    """One change, and what the tests should say of it."""

    path: Path
    old: str
    new: str
    name: str
    tests: list[str]
    noticed_by: str
    """The one test that should fail; empty for an output that is not compared."""
    message: str = ""
    """What its failure should say."""


def main() -> int:
    """Try all changes; the exit status is 1 if one was not noticed as it should be."""
    parser = argparse.ArgumentParser(prog="nox -s mutate --", description=__doc__)
    parser.add_argument("names", nargs="*", help="<page> or <page>/<program>; without it, all")
    names = parser.parse_args().names
    noticed = total = exempt = wrong = 0
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch, "copy")
        ignored = shutil.ignore_patterns(".*", "results", "site", "__pycache__")
        shutil.copytree(ROOT, copy, ignore=ignored)
        for mutation in mutations(read_site(copy), names):
            failed, output = try_out(mutation, copy)
            expected = [mutation.noticed_by] if mutation.noticed_by else []
            right = failed == expected and mutation.message in output
            if mutation.noticed_by:
                total += 1
                noticed += right
            else:
                exempt += right
            wrong += not right
            if not right:
                print(output)
                verdict = f"WRONG, fails for {failed}"
            else:
                verdict = "noticed" if mutation.noticed_by else "not compared, as its page says"
            print(f"{mutation.name}: {verdict}", flush=True)
    told = f"{noticed} of {total} changes noticed, {exempt} not compared"
    print(f"Python {named(THIS)}: {told}")
    if not total + exempt + wrong:
        print("Nothing was changed under this Python")
    return wrong > 0


def try_out(mutation: Mutation, copy: Path) -> tuple[list[str], str]:
    """Run the tests with the change made; give the names of those that fail, and the output."""
    whole = mutation.path.read_text("utf-8")
    assert whole.count(mutation.old) == 1, f"{mutation.path}: {mutation.old!r} is not unique"
    mutation.path.write_text(whole.replace(mutation.old, mutation.new), "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-rf", "-p", "no:cacheprovider"]
    result = work.run([*command, *mutation.tests], cwd=copy)
    mutation.path.write_text(whole, "utf-8")
    return re.findall(r"^FAILED (\S+)", result.stdout, re.MULTILINE), result.stdout


def mutations(site: Site, names: list[str]) -> Iterator[Mutation]:
    """All changes to be made under this Python."""
    known = {THIS, *find_pythons()}
    for program in site.programs.values():
        for expectation in program.expectations:
            methods = [m for m in METHODS if m in expectation.case.methods]
            here = SYSTEM in expectation.case.systems and is_newest(expectation.case.pythons, known)
            if here and chosen(program.name, names):
                for shown in expectation.shown:
                    yield of_output(site, program, shown, methods[0])
    if not is_newest(EVERY, known):
        return
    for fragment in site.fragments:
        if chosen(fragment.page.stem, names):
            lines = fragment.page.read_text("utf-8").splitlines()
            test = f"tests/test_fragments.py::test_fragment[{fragment.name}]"
            for number in range(fragment.fence.line, fragment.fence.end):
                if lines[number].lstrip().startswith("#>"):
                    yield of_line(site, fragment.page, number, lines, test)
    for path in site.notebooks:
        if chosen(path.stem, names):
            yield from of_notebook(path)
    for page in site.fences:
        if chosen(page.stem, names) and (path := file_of(site, page)).exists():
            yield from of_claims(site, path)


def is_newest(pythons: Versions, known: set[Release]) -> bool:
    """Whether this Python is the newest one of these that the machine has, of all it has."""
    return max((p for p in known if p in pythons), default=None) == THIS


def changed(text: str) -> str:
    """The text with its last letter or digit made another one."""
    return LAST.sub(lambda found: "5" if found[0] == "4" else "4", text)


def of_output(site: Site, program: Program, shown: Shown, method: str) -> Mutation:
    """A change of a recorded output."""
    page = program.name.split("/")[0]
    by_name = {
        other.name: f"tests/test_programs.py::test_program[{other.name}-{method}]"
        for other in site.programs.values()
        if other.name.split("/")[0] == page
    }
    compared = shown.words.comparison != "at most"
    noticed_by = by_name[program.name] if compared else ""
    name = site.relative(shown.path)
    tests = list(by_name.values())
    return Mutation(shown.path, shown.text, changed(shown.text), name, tests, noticed_by)


def of_line(site: Site, page: Path, number: int, lines: list[str], test: str) -> Mutation:
    """A change of a `#>` line; `number` counts from 0."""
    new = [*lines[:number], changed(lines[number]), *lines[number + 1 :]]
    old_text, new_text = page.read_text("utf-8"), "\n".join(new) + "\n"
    return Mutation(page, old_text, new_text, f"{site.relative(page)}:{number + 1}", [test], test)


def of_notebook(path: Path) -> Iterator[Mutation]:
    """A change of each output, as it stands in the JSON of the notebook."""
    test = f"tests/test_notebooks.py::test_notebook[{path.name}-{METHODS[0]}]"
    old = path.read_text("utf-8")
    book = json.loads(old)
    cells = [cell for cell in book["cells"] if cell["cell_type"] == "code"]
    for number, cell in enumerate(cells, 1):
        for output in cell["outputs"]:
            data = output.get("data", {})
            rich = next((data[kind] for kind in notebooks.RICH if kind in data), None)
            lines = output.get("text") or rich or data["text/plain"]
            kept, lines[-1] = lines[-1], changed(lines[-1])
            name = f"{path.name}:cell {number}"
            yield Mutation(path, old, json.dumps(book), name, [test], test, f"{name} under")
            lines[-1] = kept


def of_claims(site: Site, path: Path) -> Iterator[Mutation]:
    """Each check turned around, one after the other."""
    test = f"tests/test_claims.py::test_claims[{name_of(path)}-{get_all_start_methods()[0]}]"
    old = path.read_text("utf-8")
    for node in ast.walk(ast.parse(old)):
        if isinstance(node, ast.Assert):
            part, template = node.test, "(not ({}))"
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "raises":
            part, template = node.args[0], "StopAsyncIteration"
        else:
            continue
        name = f"{site.relative(path)}:{part.lineno}"
        new = replaced(old, part, template)
        yield Mutation(path, old, new, name, [test], test, "it does not hold")


def replaced(text: str, node: ast.expr, template: str) -> str:
    """The text with a part of it written anew; `{}` in the template is what stood there."""
    lines = text.encode().splitlines(keepends=True)  # columns are counted in bytes
    first = sum(map(len, lines[: node.lineno - 1])) + node.col_offset
    assert node.end_lineno and node.end_col_offset is not None
    end = sum(map(len, lines[: node.end_lineno - 1])) + node.end_col_offset
    whole = text.encode()
    part = template.format(whole[first:end].decode())
    return (whole[:first] + part.encode() + whole[end:]).decode()
