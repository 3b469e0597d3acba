"""Reads the whole site as it is written, and gathers what is wrong with it.

Reading it runs nothing. A `Problem` names file and line, what is wrong, and the
remedy; the contract test fails while there is one.
"""

from contextlib import suppress
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from examples import _interrupts
from examples._inline import oldest_python
from tests.harness.read import checks, faults, traces
from tests.harness.read.addresses import check_addresses
from tests.harness.read.claims import tie
from tests.harness.read.model import Expectation, Fragment, Program, Shown, Site, Table, Trace
from tests.harness.read.pages import Fence, read_fences
from tests.harness.read.versions import END, Versions, numbers
from tests.harness.read.words import Case, read_case, read_title

ROOT = Path(__file__).parents[3]


@_interrupts.free()
def read_site(root: Path = ROOT) -> Site:
    """Read `docs/`, `examples/` and the nav of `mkdocs.yml` below `root`."""
    site = Site(root)
    for page in sorted((root / "docs").rglob("*.md")):
        if is_page(root, page):
            read_page(site, page, site.read(page))
    for page in site.fences:
        sort_fences(site, page)
    site.notebooks = sorted(p for p in (root / "docs").rglob("*.ipynb") if is_page(root, p))
    checks.check_programs(site)
    checks.check_fragments(site)
    checks.check_files(site)
    checks.check_names(site)
    checks.check_nav(site)
    check_addresses(site)
    checks.check_links(site)
    site.ties = tie(site)
    site.problems.sort(key=lambda problem: (problem.path, problem.line))
    return site


@cache
def this_site() -> Site:
    """This site, which takes a second to read; to look at, as all who ask get the same one."""
    return read_site()


def is_page(root: Path, path: Path) -> bool:
    """Whether a file below `docs/` is for readers: `_theme` and `.ipynb_checkpoints` are not."""
    return not any(part[0] in "._" for part in path.relative_to(root / "docs").parts)


def add_page(site: Site, page: Path, text: str) -> None:
    """Add a page to a site that has no other."""
    read_page(site, page, text)
    sort_fences(site, page)


def read_page(site: Site, page: Path, text: str) -> None:
    """Find the fences of a page."""
    checks.check_front_matter(site, page, text)
    checks.check_written(site, page, text)
    site.fences[page], problems = read_fences(text.splitlines(), site.relative(page))
    site.problems += problems


def sort_fences(site: Site, page: Path) -> None:
    """Sort the fences of a page into programs, outputs and fragments."""
    fences = site.fences[page]
    for fence in fences:
        target = site.root / "examples" / fence.include
        if fence.include and not target.is_file():
            what = f"an include of a file that does not exist, examples/{fence.include}"
            files = (path for path in (site.root / "examples").glob("*/*") if path.is_file())
            names = [f"{path.parent.name}/{path.name}" for path in files]
            near = "".join(f" (there is {n})" for n in get_close_matches(fence.include, names, 1))
            remedy = f"Correct the name{near}, or write the file; `nox -s update` writes outputs"
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
    checks.check_quotes(site, page, fences)


def _add_program(site: Site, page: Path, fence: Fence) -> None:
    path = site.root / "examples" / fence.include
    name = fence.include.removesuffix(".py")
    if not path.is_file():
        return
    folder = name.split("/")[0]
    if first := site.programs[name].page if name in site.programs else at_home(site, page, name):
        what = f"the program {name} is shown a second time"
        site.report(page, fence.line, what, f"Link to {first} instead")
        return
    if page.stem != folder:
        what = f"the program {name} on a page of another name"
        site.report(page, fence.line, what, f"Move it to the folder examples/{page.stem}/")
    if fence.title != fence.include:
        what = f"the title {fence.title!r} over the program {fence.include}"
        site.report(page, fence.line, what, f'Write title="{fence.include}"')
    program = Program(name, path, site.relative(page), fence.line)
    with suppress(ValueError):  # told with what it imports
        if oldest := oldest_python(site.read(path)):
            program.since = numbers(oldest)
    site.programs[name] = program


def at_home(site: Site, page: Path, name: str) -> str:
    """The page that a program is named for, if another page shows it; nothing if none does."""
    folder = name.split("/")[0]
    if page.stem == folder:
        return ""
    homes = (other for other in site.fences if other.stem == folder and shows(site, other, name))
    return next(map(site.relative, homes), "")


def shows(site: Site, page: Path, name: str) -> bool:
    """Whether a page includes a program."""
    return any(fence.include == f"{name}.py" for fence in site.fences[page])


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
        if not shows(site, page, name):  # else what is wrong with the program is told
            what = f"an output without its program, examples/{fence.include}"
            site.report(page, fence.line, what, f"Show {name}.py above it")
        return
    if fence.title == faults.TITLE and path.suffix == faults.SUFFIX:
        if program.table or fence.tabs:
            what = f"a table of faults of {name} in a tab, or a second one"
            site.report(page, fence.line, what, "Show one, outside of tabs: its lines name cases")
        program.table = Table(path, fence)
        return
    if fence.title in traces.TITLES and path.suffix == traces.SUFFIX:
        if program.trace or fence.tabs:
            what = f"a timeline of {name} in a tab, or a second one"
            site.report(page, fence.line, what, "Show one, outside of tabs")
        program.trace = Trace(path, fence, traces.TITLES[fence.title])
        return
    case = Case()
    try:
        words = read_title(fence.title)
        case &= Case(systems=words.systems, pythons=Versions(((program.since, END),)))
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
