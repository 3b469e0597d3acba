"""What can be wrong with a site as it is written; each is reported with its remedy."""

import ast
import os
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from itertools import product
from pathlib import Path

import yaml
from markdown.extensions.toc import slugify, unique

from examples._inline import commands, dependencies, module_of, oldest_python
from examples._trace.text import read_text
from tests.harness.read import traces
from tests.harness.read.faults import SUFFIX, WORDS, applies, read_table
from tests.harness.read.fragments import syntax_error
from tests.harness.read.model import Program, Site, Table, Trace
from tests.harness.read.pages import Fence, prose
from tests.harness.read.versions import MINORS, START, Release, named
from tests.harness.read.words import RECORDED_ON, START_METHODS, SYSTEM, SYSTEMS, Case

FRONT_MATTER = re.compile(r"---\n(.*?)^---$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"(?:\]\(|^\[[^]]+\]: )([^)\s]+)")
LINKED = re.compile(r"\[([^]]*)\]\([^)]*\)")
CODE = re.compile(r"`[^`]*`")
SCHEME = re.compile(r"[a-z]+:")
HEADING = re.compile(r"#{1,6} +(?P<words>.*?)(?: +#+)? *")
NAMED_PLACE = re.compile(r"\{ #(?P<name>\S+) \}")
TEMPLATE = re.compile(r'(?<!["`])\bwrite here\b', re.IGNORECASE)
UNWRITTEN = 'a sentence of the template, "Write here"'
UNPORTABLE = re.compile(
    r"(?:con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$) *(?:\..*)?"  # names of devices
    r'|.*[. ]|.*[<>:"|?*\\\x00-\x1f].*',
    re.IGNORECASE | re.DOTALL,
)
PLACED = {".py", ".out", ".err", ".ipynb"}  # what has a place of its own
KEYS = {"asked", "description", "search"}
EVERY_INTERFACE = re.compile(r"(?<![\d.])0\.0\.0\.0(?![\d.])|\[::\]|^::$")
BEYOND = "Listen on 127.0.0.1 or a Unix socket, so that no other machine can reach who runs it"
WIDTH = 72  # columns of a program, so that little of it is off a phone
LENGTH = 40  # lines of a program that are not blank, so that it has one idea


def check_front_matter(site: Site, page: Path, text: str) -> None:
    """What stands between `---` at the top is YAML, has a description, and no unknown key."""
    if not text.startswith("---\n"):
        what = "a page without front matter"
        site.report(page, 1, what, "Begin it with the lines `---`, `description: ...` and `---`")
        return
    if not (found := FRONT_MATTER.match(text)):
        site.report(page, 1, "front matter that is never closed", "End it with a line `---`")
        return
    try:
        tree = yaml.compose(found[1], yaml.SafeLoader)
    except yaml.YAMLError as error:
        what = "front matter that is not YAML"
        remedy = "Put a text with a colon or quotation marks into quotes"
        site.report(page, _line(error) + 1, what, remedy)
        return
    values = tree.value if isinstance(tree, yaml.MappingNode) else []
    for key, _ in values:
        if key.value not in KEYS:
            what = f"an unknown key in the front matter, {key.value!r}"
            remedy = f"Write one of {', '.join(sorted(KEYS))}"
            site.report(page, key.start_mark.line + 2, what, remedy)
    if not any(key.value == "description" and value.value for key, value in values):
        what = "front matter without a description"
        site.report(page, 1, what, "Add `description:` and a sentence that says what is here")


def check_written(site: Site, page: Path, text: str) -> None:
    """No sentence of the template is left; one in quotation marks is about the template."""
    for number, line in enumerate(text.splitlines(), 1):
        if TEMPLATE.search(line):
            site.report(page, number, UNWRITTEN, "Replace it with your own words")


def _line(error: yaml.YAMLError) -> int:
    """Where YAML stumbled, from 1."""
    mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
    return mark.line + 1 if mark else 1


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


def check_links(site: Site) -> None:
    """Each link from one page to another leads to a page, and to a heading that it has."""
    docs = site.root / "docs"
    headings: dict[Path, set[str]] = {}
    for page, fences in site.fences.items():
        for number, target in _links(site.read(page), fences):
            place, _, anchor = target.partition("#")
            path = Path(os.path.normpath(page.parent / place)) if place else page
            if not path.is_file() or not path.is_relative_to(docs):
                what = f"a link to a file that does not exist, {target}"
                remedy = "Write the path from this page's folder to that page's file, with .md"
                site.report(page, number, what, remedy)
            elif anchor and path in site.fences:
                if path not in headings:
                    headings[path] = _anchors(site.read(path), site.fences[path])
                if anchor not in headings[path]:
                    what = f"a link to a heading that does not exist, {target}"
                    near = get_close_matches(anchor, headings[path], 1)
                    remedy = f"Write #{near[0]}" if near else "Take out the # and what follows it"
                    site.report(page, number, what, remedy)


def _links(text: str, fences: list[Fence]) -> Iterator[tuple[int, str]]:
    """The targets of links to other pages, and to headings of this one."""
    for number, line in prose(text, fences):
        for target in LINK.findall(CODE.sub("", line)):
            if not SCHEME.match(target):
                yield number, target


def _anchors(text: str, fences: list[Fence]) -> set[str]:
    """What a link can have after its `#`: as Markdown makes it of headings, or as it is named."""
    found: set[str] = set()
    for _, line in prose(text, fences):
        if place := NAMED_PLACE.fullmatch(line):
            found.add(place["name"])
        if heading := HEADING.fullmatch(line):
            words = LINKED.sub(r"\1", heading["words"]).replace("`", "").replace("*", "")
            unique(slugify(words, "-"), found)  # which adds it
    return found


@dataclass(frozen=True)
class Parsed:
    """What is looked at in a program; kept, since a watch reads all programs at each save."""

    described: bool
    imports: list[tuple[str, int]]
    """The first parts of their names, with their lines."""
    sleeps: list[tuple[int, int]]
    """The first and the last line of each call of a function `sleep`."""
    texts: set[str]
    """Its strings, among which are the commands and the modules that it runs."""
    open_addresses: list[tuple[int, str]]
    """The addresses of every interface that it names, with their lines."""


@cache
def parse(text: str) -> Parsed:
    """Parse a program. Raises SyntaxError."""
    tree = ast.parse(text)
    imports, sleeps, texts, addresses = [], [], set(), []
    for node in ast.walk(tree):
        if isinstance(node, ast.expr) and _is_open(node):
            addresses.append((node.lineno, ast.unparse(node)))
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            texts.add(node.value)
        if isinstance(node, ast.Call) and "sleep" in (
            getattr(node.func, "id", ""),
            getattr(node.func, "attr", ""),
        ):
            sleeps.append((node.lineno, node.end_lineno or node.lineno))
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module]
        else:
            continue
        imports += [(name.partition(".")[0], node.lineno) for name in names]
    return Parsed(bool(ast.get_docstring(tree)), imports, sleeps, texts, addresses)


def _is_open(node: ast.expr) -> bool:
    """Whether it is an address of every interface: `"0.0.0.0:80"`, `"::"`, `("", 50000)`."""
    match node:
        case ast.Constant(value=str(text)):
            return bool(EVERY_INTERFACE.search(text))
        case ast.Tuple(elts=[ast.Constant(value=""), ast.Constant(value=int()) | ast.Name()]):
            return True
    return False


def check_programs(site: Site) -> None:
    """Each program can be parsed, says what it shows, and fits its page."""
    requirements = sorted(site.root.glob("requirements*.txt"))
    pins = "".join(file.read_text("utf-8") for file in requirements)
    known = set(re.findall(r"^([^\s=#]+)==", pins, re.MULTILINE)) | _large(site)
    for program in site.programs.values():
        text = site.read(program.path)
        try:
            parsed = parse(text)
        except SyntaxError as error:
            what = f"a syntax error: {error.msg}"
            site.report(program.path, error.lineno or 1, what, "Correct the program")
            continue
        if not parsed.described:
            remedy = "Begin it with one sentence in triple quotes that says what it shows"
            site.report(program.path, 1, "a program without a description", remedy)
        for number, line in enumerate(text.splitlines(), 1):
            if len(line) > WIDTH:
                what = f"a line of {len(line)} columns"
                site.report(program.path, number, what, f"Keep it within {WIDTH}")
        lines = [number for number, line in enumerate(text.splitlines(), 1) if line.strip()]
        is_part = program.path.with_name("__main__.py").exists()
        if len(lines) > LENGTH and not is_part:
            what = f"a program of {len(lines)} lines, without the blank ones"
            remedy = f"Show one idea in at most {LENGTH}, or make two programs of it"
            site.report(program.path, lines[LENGTH], what, remedy)
        _check_sleeps(site, program, text, parsed)
        _check_addresses(site, program.path, 0, parsed)
        _check_imports(site, program, text, parsed, known)
        _check_cases(site, program)
        if program.table:
            _check_table(site, program.table)
        if program.trace:
            _check_trace(site, program.trace)


def _check_sleeps(site: Site, program: Program, text: str, parsed: Parsed) -> None:
    """A program sleeps only where a comment says what for."""
    lines = text.splitlines()
    for first, last in parsed.sleeps:
        if not any("  # " in line for line in lines[first - 1 : last]):
            remedy = (
                "Wait for what is to happen: join(), get(), an Event; "
                "or say in a comment on this line what the sleep stands for"
            )
            site.report(program.path, first, "a program that sleeps", remedy)


def _large(site: Site) -> set[str]:
    """The packages that are too large to be pinned, as pyproject.toml names them."""
    file = site.root / "pyproject.toml"
    settings = tomllib.loads(file.read_text("utf-8")) if file.exists() else {}
    return set(settings.get("dependency-groups", {}).get("large", []))


def _check_imports(
    site: Site, program: Program, text: str, parsed: Parsed, known: set[str]
) -> None:
    """What a program imports is Python's own, beside it, or declared and known.

    `known` are the packages that are pinned, or are too large for that.
    """
    try:
        declared = dependencies(text)
        called = commands(text)
        oldest_python(text)
    except ValueError as error:
        remedy = 'Begin the file with `# /// script`, `# dependencies = ["numpy"]`, `# ///`'
        site.report(program.path, 1, str(error), remedy)
        return
    for name in declared:
        if name not in known:
            what = f"a dependency that requirements.txt does not pin, {name}"
            remedy = "Add it to the dependency group of pyproject.toml, and run `nox -s lock`"
            site.report(program.path, 1, what, remedy)
    modules = {module_of(name): name for name in declared}
    used = parsed.texts.copy()
    for name, _ in parsed.imports:
        used.add(name)
        beside = program.path.with_name(f"{name}.py")
        with suppress(SyntaxError, FileNotFoundError):  # the first is told where it stands
            used |= parse(site.read(beside)).texts
    for name, told in {**modules, **{name: name for name in called}}.items():
        if name not in used:
            what = f"a dependency that is declared and not imported, {told}"
            site.report(program.path, 1, what, "Take it out of the `# /// script` block")
    for name, line in parsed.imports:
        beside = program.path.with_name(f"{name}.py")
        if name not in sys.stdlib_module_names and name not in modules and not beside.exists():
            what = f"an import that is not declared, {name}"
            remedy = f'Declare it at the top: `# /// script`, `# dependencies = ["{name}"]`'
            site.report(program.path, line, what, f"{remedy}, `# ///`")


def _check_cases(site: Site, program: Program) -> None:
    """Each start method on each Python has exactly one expectation."""
    if not program.expectations:
        remedy = f"Include {program.name}.out below it, and run `nox -s update`"
        what = f"the program {program.name} has no output"
        site.report(program.page, program.line, what, remedy)
        return
    cases = [expectation.case for expectation in program.expectations]
    every = {(system, method) for system in program.systems for method in SYSTEMS[system]}
    if wrong := _not_once(cases, every, "output", program.since):
        remedy = "Together its tabs name every start method and version exactly once"
        site.report(program.page, program.line, f"the program {program.name} has {wrong}", remedy)
    for expectation in program.expectations:
        case = expectation.case
        runs = any(method in case.methods and system in case.systems for system, method in every)
        if not (runs and case.pythons.ranges):
            what = f"an output of {program.name} for a case that there is not"
            remedy = "Name a start method that the system has, and each kind of word once"
            site.report(program.page, expectation.shown[0].fence.line, what, remedy)


def _not_once(
    cases: list[Case], where: Iterable[tuple[str, str]], kind: str, since: Release = START
) -> str:
    """Where there is not exactly one of the cases; nothing if there is one everywhere."""
    edges = {edge for case in cases for edge in case.pythons.edges}
    # Between two of these, nothing changes.
    releases = sorted(release for release in edges.union(MINORS) if release >= since)
    for (system, method), release in product(sorted(where), releases):
        count = sum(case.covers(method, release, system) for case in cases)
        if count != 1:
            how = f"no {kind}" if count == 0 else f"{count} {kind}s"
            on = f"for {method} on Python {named(release)}" + f", {system}" * (system != SYSTEM)
            return f"{how} {on}"
    return ""


def _check_table(site: Site, table: Table) -> None:
    """Each line can be read, and each fault has one outcome in each case."""
    if not table.path.exists():
        return
    try:
        fates = read_table(site.read(table.path))
    except ValueError as error:
        line, what, remedy = error.args
        site.report(table.path, line, what, remedy)
        return
    for fault, words in WORDS.items():
        cases = [fate.case for fate in fates if fate.fault == fault]
        every = {(RECORDED_ON, method) for method in START_METHODS if applies(fault, method)}
        if cases and (wrong := _not_once(cases, every, "outcome")):
            remedy = "Name every start method and version once, or delete its lines and record it"
            site.report(table.path, 1, f"{words!r} has {wrong}", remedy)


def _check_trace(site: Site, trace: Trace) -> None:
    """Each line can be read."""
    try:
        read_text(trace.text)
    except ValueError as error:
        site.report(trace.path, 1, str(error), "Record it: nox -s update")


def check_fragments(site: Site) -> None:
    """Each fragment can be compiled, and does not listen beyond this machine."""
    for fragment in site.fragments:
        fence = fragment.fence
        if error := syntax_error(fence.source):
            line, column, told = error
            what = f"a syntax error in column {len(fence.indent) + column}: {told}"
            site.report(fragment.page, fence.line + line, what, "Correct the code")
            continue
        _check_addresses(site, fragment.page, fence.line, parse(fence.source))


def _check_addresses(site: Site, path: Path, before: int, parsed: Parsed) -> None:
    """No other machine can reach it. In the file, so many lines stand before it."""
    for line, address in parsed.open_addresses:
        what = f"an address that other machines can reach, {address}"
        site.report(path, before + line, what, BEYOND)


def check_files(site: Site) -> None:
    """Each file is where it belongs, and has a name that is allowed everywhere."""
    included = {fence.include for fences in site.fences.values() for fence in fences}
    for path in sorted((site.root / "examples").rglob("*")):
        _check_portable(site, path)
        place = path.relative_to(site.root / "examples")
        name = place.as_posix()
        ours = any(part[0] in "._" for part in place.parts) or name in included
        if ours or path.is_dir():
            continue
        if len(place.parts) != 2:
            what, remedy = "a file outside the folder of a page", "Move it to examples/<page>/"
        elif path.suffix == ".py":
            what, remedy = "a program that no page shows", "Include it in its page"
        elif path.suffix in {".out", ".err", SUFFIX, traces.SUFFIX}:
            what, remedy = "an output that no page shows", "Include it in its page"
        else:
            site.report(path, 1, "a file that is neither program nor output", "Delete it")
            continue
        site.report(path, 1, what, f"{remedy}, or delete it")
    for path in sorted((site.root / "docs").rglob("*")):
        _check_portable(site, path)
        if not _is_used(site, path):
            remedy = "Move a program to examples/<page>/, a style or script to docs/assets/"
            site.report(path, 1, "a file that no page uses", f"{remedy}, or delete the file")
    for path in sorted(site.root.glob("*")):
        if path.suffix in PLACED and path.name != "noxfile.py":
            what = "a file outside the folder of a page"
            site.report(path, 1, what, "Move it to examples/<page>/, or delete it")


def _is_used(site: Site, path: Path) -> bool:
    """Whether a path below `docs/` is a page, beside one that uses it, or nothing to look at."""
    if path in site.fences or path in site.notebooks or path.is_dir():
        return True
    place = path.relative_to(site.root / "docs")
    if place.parts[0] == "assets" or any(part[0] in "._" for part in place.parts):
        return True
    books = [book for book in site.notebooks if book.parent == path.parent]
    pages = [page for page in site.fences if page.parent == path.parent]
    return (
        (path.suffix == ".json" and bool(books))  # measurements, which a notebook finds
        or any(path.name in site.read(book) for book in books)
        or any(f"]({path.name})" in site.read(page) for page in pages)
    )


def _check_portable(site: Site, path: Path) -> None:
    """A file or folder has a name that is allowed on Windows, too."""
    if not portable(path.name):
        what = f"a name that Windows does not allow, {path.name!r}"
        site.report(path, 1, what, "Rename it")


def portable(name: str) -> bool:
    """Whether a file of this name can be created on Windows."""
    return not UNPORTABLE.fullmatch(name)


def check_names(site: Site) -> None:
    """A name means one thing, also where upper and lower case are the same."""
    for program in site.programs.values():
        if program.path.stem in sys.stdlib_module_names:
            what = f"a program with the name of a module of Python, {program.path.stem}"
            remedy = "Rename it: what is imported in its folder would be the program"
            site.report(program.path, 1, what, remedy)
    pages = [page for page in [*site.fences, *site.notebooks] if page.stem != "index"]
    for kind, paths in ("page", pages), ("program", [p.path for p in site.programs.values()]):
        names = [folded(p.stem if kind == "page" else f"{p.parent.name}/{p.stem}") for p in paths]
        counts = Counter(names)
        for path, name in zip(paths, names, strict=True):
            if counts[name] > 1:
                what = f"two {kind}s of the name {name}"
                site.report(path, 1, what, "Rename one of them")


def folded(name: str) -> str:
    """A name as a file system, or a reader, may take it."""
    return name.lower().replace("-", "_")


def check_nav(site: Site) -> None:
    """Each entry of the nav is a page, and each page is an entry of the nav."""
    config = site.root / "mkdocs.yml"
    try:
        tree = yaml.compose(site.read(config), yaml.SafeLoader)
    except yaml.YAMLError as error:
        remedy = "Write it as the lines around it: no tabs, and as far in as they are"
        site.report(config, _line(error), "a line that is not YAML", remedy)
        return
    nav = next((value for key, value in tree.value if key.value == "nav"), None) if tree else None
    entries: dict[str, int] = {}
    for node in scalars(nav):
        line = node.start_mark.line + 1
        if (first := entries.setdefault(node.value, line)) != line:
            what = f"a page that is in the nav twice, docs/{node.value}"
            site.report(config, line, what, f"It is in line {first}, too: take one of them out")
    docs = site.root / "docs"
    pages = {page.relative_to(docs).as_posix(): page for page in [*site.fences, *site.notebooks]}
    for entry, line in entries.items():
        if entry not in pages:
            what = f"a nav entry with no page, docs/{entry}"
            site.report(config, line, what, "Write the page, or take the entry out")
    for name, page in pages.items():
        if name not in entries:
            site.report(page, 1, "a page that is not in the nav", "Add it to nav in mkdocs.yml")


def scalars(node: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
    """The leaves of the nav, which are paths of pages."""
    if isinstance(node, yaml.ScalarNode):
        yield node
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from scalars(item)
    elif isinstance(node, yaml.MappingNode):
        for _, value in node.value:
            yield from scalars(value)
