"""What can be wrong with a site as it is written; each is reported with its remedy."""

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import yaml

from examples._inline import dependencies
from tests.harness.model import Program, Site
from tests.harness.pages import Fence
from tests.harness.words import PYTHONS, START_METHODS

FRONT_MATTER = re.compile(r"---\n(.*?)^---$", re.DOTALL | re.MULTILINE)
KEYS = {"description", "search"}
WIDTH = 72  # columns of a program, so that little of it is off a phone


def check_front_matter(site: Site, page: Path, text: str) -> None:
    """What stands between `---` at the top is YAML, and MkDocs knows its keys."""
    if not (found := FRONT_MATTER.match(text)):
        return
    try:
        keys = set(yaml.safe_load(found[1]) or {})
    except yaml.YAMLError as error:
        mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
        line = mark.line + 2 if mark else 1
        what = "front matter that is not YAML"
        site.report(page, line, what, "Put a text with a colon or quotation marks into quotes")
        return
    for key in sorted(keys - KEYS):
        what = f"an unknown key in the front matter, {key!r}"
        site.report(page, 1, what, f"Write one of {', '.join(sorted(KEYS))}")


def check_quotes(site: Site, page: Path, fences: list[Fence]) -> None:
    """An error message that a page quotes is one that a program on the page prints."""
    included = [site.root / "examples" / fence.include for fence in fences if fence.include]
    printed = "\n".join(p.read_text("utf-8", "replace") for p in included if p.is_file())
    for fence in fences:
        if fence.language == "text" and not fence.title and not fence.include:
            for number, line in enumerate(fence.body, fence.line + 1):
                if line.strip() not in printed:
                    what = f"a line that no program on this page prints: {line.strip()!r}"
                    remedy = "Show a program that prints it, or correct the line"
                    site.report(page, number, what, remedy)


def check_programs(site: Site) -> None:
    """Each program can be parsed, says what it shows, and fits its page."""
    for program in site.programs.values():
        text = site.read(program.path)
        try:
            tree = ast.parse(text)
        except SyntaxError as error:
            what = f"a syntax error: {error.msg}"
            site.report(program.path, error.lineno or 1, what, "Correct the program")
            continue
        if not ast.get_docstring(tree):
            remedy = "Begin it with one sentence in triple quotes that says what it shows"
            site.report(program.path, 1, "a program without a description", remedy)
        for number, line in enumerate(text.splitlines(), 1):
            if len(line) > WIDTH:
                what = f"a line of {len(line)} columns"
                site.report(program.path, number, what, f"Keep it within {WIDTH}")
        _check_imports(site, program, text, tree)
        _check_cases(site, program)


def _check_imports(site: Site, program: Program, text: str, tree: ast.Module) -> None:
    """What a program imports is Python's own, beside it, or declared and pinned."""
    try:
        declared = dependencies(text)
    except ValueError as error:
        remedy = 'Begin the file with `# /// script`, `# dependencies = ["numpy"]`, `# ///`'
        site.report(program.path, 1, str(error), remedy)
        return
    requirements = site.root / "requirements.txt"
    pins = requirements.read_text("utf-8") if requirements.exists() else ""
    for name in declared:
        if not re.search(rf"^{re.escape(name)}==", pins, re.MULTILINE):
            what = f"a dependency that requirements.txt does not pin, {name}"
            remedy = "Add it to the dependency group of pyproject.toml, and run `nox -s lock`"
            site.report(program.path, 1, what, remedy)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module]
        else:
            continue
        for name in (name.partition(".")[0] for name in names):
            beside = program.path.with_name(f"{name}.py").exists()
            if name not in {*sys.stdlib_module_names, *declared} and not beside:
                what = f"an import that is not declared, {name}"
                remedy = f'Declare it at the top: `# /// script`, `# dependencies = ["{name}"]`'
                site.report(program.path, node.lineno, what, f"{remedy}, `# ///`")


def _check_cases(site: Site, program: Program) -> None:
    """Each start method on each Python has exactly one expectation."""
    if not program.expectations:
        remedy = f"Include {program.name}.out below it, and run `nox -s update`"
        what = f"the program {program.name} has no output"
        site.report(program.page, program.line, what, remedy)
        return
    for python in PYTHONS:
        for method in START_METHODS:
            count = sum(e.case.covers(method, python) for e in program.expectations)
            if count != 1:
                how = "no output" if count == 0 else f"{count} outputs"
                what = f"the program {program.name} has {how} for {method} on Python {python}"
                remedy = "Together its tabs name every start method and version exactly once"
                site.report(program.page, program.line, what, remedy)
                return


def check_files(site: Site) -> None:
    """Each file in a page's folder is a program on the page, or its output."""
    included = {fence.include for fences in site.fences.values() for fence in fences}
    for path in sorted((site.root / "examples").rglob("*")):
        place = path.relative_to(site.root / "examples")
        name = place.as_posix()
        ours = any(part[0] in "._" for part in place.parts) or name in included
        if ours or path.is_dir():
            continue
        if path.suffix == ".py":
            what, remedy = "a program that no page shows", "Include it in its page, or delete it"
        elif path.suffix in {".out", ".err"}:
            what, remedy = "an output that no page shows", "Include it in its page, or delete it"
        else:
            what, remedy = "a file that is neither program nor output", "Delete it"
        site.report(path, 1, what, remedy)


def check_names(site: Site) -> None:
    """A name means one thing, also where upper and lower case are the same."""
    pages = [page for page in [*site.fences, *site.notebooks] if page.stem != "index"]
    for kind, paths in ("page", pages), ("program", [p.path for p in site.programs.values()]):
        names = [_folded(path, kind) for path in paths]
        counts = Counter(names)
        for path, name in zip(paths, names, strict=True):
            if counts[name] > 1:
                what = f"two {kind}s of the name {name}"
                site.report(path, 1, what, "Rename one of them")


def _folded(path: Path, kind: str) -> str:
    name = path.stem if kind == "page" else f"{path.parent.name}/{path.stem}"
    return name.lower().replace("-", "_")


def check_nav(site: Site) -> None:
    """Each entry of the nav is a page, and each page is an entry of the nav."""
    config = site.root / "mkdocs.yml"
    tree = yaml.compose(site.read(config), yaml.SafeLoader)
    nav = next((value for key, value in tree.value if key.value == "nav"), None) if tree else None
    entries = {node.value: node.start_mark.line + 1 for node in _scalars(nav)}
    docs = site.root / "docs"
    pages = {page.relative_to(docs).as_posix(): page for page in [*site.fences, *site.notebooks]}
    for entry, line in entries.items():
        if entry not in pages:
            what = f"a nav entry with no page, docs/{entry}"
            site.report(config, line, what, "Write the page, or take the entry out")
    for name, page in pages.items():
        if name not in entries:
            site.report(page, 1, "a page that is not in the nav", "Add it to nav in mkdocs.yml")


def _scalars(node: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
    """The leaves of the nav, which are paths of pages."""
    if isinstance(node, yaml.ScalarNode):
        yield node
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _scalars(item)
    elif isinstance(node, yaml.MappingNode):
        for _, value in node.value:
            yield from _scalars(value)
