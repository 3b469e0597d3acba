"""The whole site as it is written: pages, programs, fragments, notebooks, and what is wrong.

Reading it runs nothing. A `Problem` names file and line, what is wrong, and the
remedy; the contract test fails while there is one.
"""

import ast
import hashlib
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from examples._inline import dependencies
from tests.harness.pages import Fence, Problem, read_fences
from tests.harness.words import PYTHONS, START_METHODS, Case, Words, read_case, read_title

ROOT = Path(__file__).parents[2]
FRONT_MATTER = re.compile(r"---\n(.*?)^---$", re.DOTALL | re.MULTILINE)
KEYS = {"description", "search"}
WIDTH = 72  # columns of a program, so that little of it is off a phone


def digest(*texts: str) -> str:
    """The hash under which results are kept, of a program and its outputs."""
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]


@dataclass
class Shown:
    """One output as a page shows it: the file, and the words over it."""

    path: Path
    words: Words
    fence: Fence

    @property
    def text(self) -> str:
        """What the file holds; nothing before it is first written."""
        return self.path.read_text("utf-8") if self.path.exists() else ""


@dataclass
class Expectation:
    """What a program prints, and how it ends, in one case."""

    case: Case
    shown: list[Shown] = field(default_factory=list)

    def stream(self, name: str) -> Shown | None:
        """The output "stdout" or "stderr", if the page shows it."""
        return next((shown for shown in self.shown if shown.words.stream == name), None)

    @property
    def status(self) -> int | None:
        """The exit status; None where it still runs at the limit."""
        last = self.shown[-1].words
        return None if last.limit else last.status or 0

    @property
    def limit(self) -> int | None:
        """Seconds after which the page says that it still runs."""
        return self.shown[-1].words.limit


@dataclass
class Program:
    """A file under `examples/`, and what its page says of it."""

    name: str
    """`<page>/<program>`, as `python -m examples` has it."""
    path: Path
    page: str
    line: int
    expectations: list[Expectation] = field(default_factory=list)

    def expectation(self, method: str, python: str) -> Expectation | None:
        """What the page says for a start method on a Python, "3.11" to "3.15"."""
        return next((e for e in self.expectations if e.case.covers(method, python)), None)

    def hash(self, expectation: Expectation) -> str:
        """Of the program, and all that the page shows of it in one case."""
        shown = [text for s in expectation.shown for text in (s.fence.title, s.text)]
        return digest(self.path.read_text("utf-8"), *shown)


@dataclass
class Fragment:
    """Python that stands in a page itself; it starts no process."""

    page: Path
    fence: Fence

    @property
    def name(self) -> str:
        """`<section>/<page>.md:<line>`."""
        return f"{self.page.parent.name}/{self.page.name}:{self.fence.line}"

    @property
    def hash(self) -> str:
        """Of its code, with the `#>` lines."""
        return digest(self.fence.source)


@dataclass
class Site:
    """All that is read, and what is wrong with it."""

    root: Path
    fences: dict[Path, list[Fence]] = field(default_factory=dict)
    programs: dict[str, Program] = field(default_factory=dict)
    fragments: list[Fragment] = field(default_factory=list)
    notebooks: list[Path] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def hash(self) -> str:
        """Of all that is on it to be checked."""
        programs = [p.hash(e) for p in self.programs.values() for e in p.expectations]
        books = [path.read_text("utf-8") for path in self.notebooks]
        return digest(*programs, *[f.hash for f in self.fragments], *books)

    def relative(self, path: Path) -> str:
        """A path as problems name it."""
        return path.relative_to(self.root).as_posix()

    def report(self, path: Path | str, line: int, what: str, remedy: str) -> None:
        """Note a problem."""
        where = path if isinstance(path, str) else self.relative(path)
        self.problems.append(Problem(where, line, what, remedy))

    def read(self, path: Path) -> str:
        """The text of a file; a problem, and nothing, where it is not UTF-8."""
        try:
            return path.read_text("utf-8")
        except UnicodeDecodeError as error:
            line = path.read_bytes()[: error.start].count(b"\n") + 1
            self.report(path, line, "a byte that is not UTF-8", "Save the file as UTF-8")
            return ""


def read_site(root: Path = ROOT) -> Site:
    """Read `docs/`, `examples/` and the nav of `mkdocs.yml` below `root`."""
    site = Site(root)
    for page in sorted((root / "docs").rglob("*.md")):
        if is_page(root, page):
            add_page(site, page, site.read(page))
    site.notebooks = sorted(p for p in (root / "docs").rglob("*.ipynb") if is_page(root, p))
    _check_programs(site)
    _check_files(site)
    _check_names(site)
    _check_nav(site)
    site.problems.sort(key=lambda problem: (problem.path, problem.line))
    return site


def is_page(root: Path, path: Path) -> bool:
    """Whether a file below `docs/` is for readers: `_theme` and `.ipynb_checkpoints` are not."""
    return not any(part[0] in "._" for part in path.relative_to(root / "docs").parts)


def add_page(site: Site, page: Path, text: str) -> None:
    """Sort the fences of a page into programs, outputs and fragments."""
    _check_front_matter(site, page, text)
    fences, problems = read_fences(text.splitlines(), site.relative(page))
    site.fences[page] = fences
    site.problems += problems
    for fence in fences:
        target = site.root / "examples" / fence.include
        if fence.include and not target.is_file():
            what = f"an include of a file that does not exist, examples/{fence.include}"
            remedy = "Correct the name, or write the file; `nox -s update` writes outputs"
            site.report(page, fence.line + 1, what, remedy)
        elif fence.include and not site.read(target).strip():
            what = f"an include that comes out empty, examples/{fence.include}"
            site.report(page, fence.line + 1, what, "Only what prints something can be shown")
        if fence.language == "python" and fence.include:
            _add_program(site, page, fence)
        elif fence.language == "python":
            site.fragments.append(Fragment(page, fence))
        elif fence.include or (fence.language == "text" and fence.title):
            _add_output(site, page, fence)
    _check_quotes(site, page, fences)


def _check_front_matter(site: Site, page: Path, text: str) -> None:
    """What stands between `---` at the top is YAML, and MkDocs knows its keys."""
    if not (found := FRONT_MATTER.match(text)):
        return
    try:
        keys = set(yaml.safe_load(found[1]) or {})
    except yaml.YAMLError as error:
        line = error.problem_mark.line + 2 if isinstance(error, yaml.MarkedYAMLError) else 1
        what = "front matter that is not YAML"
        site.report(page, line, what, "Put a text with a colon or quotation marks into quotes")
        return
    for key in sorted(keys - KEYS):
        what = f"an unknown key in the front matter, {key!r}"
        site.report(page, 1, what, f"Write one of {', '.join(sorted(KEYS))}")


def _check_quotes(site: Site, page: Path, fences: list[Fence]) -> None:
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


def _add_program(site: Site, page: Path, fence: Fence) -> None:
    path = site.root / "examples" / fence.include
    name = fence.include.removesuffix(".py")
    if not path.is_file():
        return
    if name in site.programs:
        what = f"the program {name} is shown a second time"
        site.report(page, fence.line, what, f"Link to {site.programs[name].page} instead")
        return
    if name.split("/")[0] != page.stem:
        what = f"the program {name} on a page of another name"
        site.report(page, fence.line, what, f"Move it to the folder examples/{page.stem}/")
    if fence.title != fence.include:
        what = f"the title {fence.title!r} over the program {fence.include}"
        site.report(page, fence.line, what, f'Write title="{fence.include}"')
    site.programs[name] = Program(name, path, site.relative(page), fence.line)


def _add_output(site: Site, page: Path, fence: Fence) -> None:
    """Add an output to its program, in the case that the tabs around it name."""
    if not fence.include:
        remedy = "Include its file, which `nox -s update` writes"
        site.report(page, fence.line, "an output that is typed into the page", remedy)
        return
    path = site.root / "examples" / fence.include
    name = f"{path.parent.name}/{path.name.partition('.')[0]}"
    program = site.programs.get(name)
    if program is None or program.page != site.relative(page):
        what = f"an output without its program, examples/{fence.include}"
        site.report(page, fence.line, what, f"Show {name}.py above it")
        return
    case = Case()
    try:
        words = read_title(fence.title)
        for label in fence.tabs:
            case &= read_case(label)
    except ValueError as error:
        what, _, remedy = str(error).partition("; ")
        site.report(page, fence.line, what, remedy[0].upper() + remedy[1:])
        return
    suffix = ".out" if words.stream == "stdout" else ".err"
    if path.suffix != suffix:
        what = f"the file examples/{fence.include} under the words {fence.title!r}"
        site.report(page, fence.line, what, f"Its name ends in {suffix} under these words")
        return
    expectation = next((e for e in program.expectations if e.case == case), None)
    if expectation is None:
        expectation = Expectation(case)
        program.expectations.append(expectation)
    if expectation.stream(words.stream):
        what = f"a second output of {name} for the same case"
        site.report(page, fence.line, what, "Show one, or put each under a tab of its own")
    elif any(shown.words.names_ending for shown in expectation.shown):
        what = f"the ending of {name} does not stand on its last output"
        site.report(page, fence.line, what, "Move the exit status or the time limit here")
    else:
        expectation.shown.append(Shown(path, words, fence))


def _check_programs(site: Site) -> None:
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
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module]
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


def _check_files(site: Site) -> None:
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


def _check_names(site: Site) -> None:
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


def _check_nav(site: Site) -> None:
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
