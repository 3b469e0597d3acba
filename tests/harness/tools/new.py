"""Makes a new page, with programs that work; `nox -s new -- pitfalls/lost-update`.

It copies the section's template, `docs/_template/<section>/`, records what the
programs print, and enters the page in the nav of `mkdocs.yml`. What is refused
writes nothing; what fails half way is taken back.
"""

import argparse
import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import yaml

from tests.harness import work
from tests.harness.read import claims
from tests.harness.read.addresses import NAME, record_addresses
from tests.harness.read.checks import UNWRITTEN, folded, portable, scalars
from tests.harness.read.model import Site
from tests.harness.read.site import ROOT, read_site
from tests.harness.run.pythons import find_pythons
from tests.harness.tools.update import needed, update_program

TEMPLATES = ROOT / "docs" / "_template"
INTERRUPTED = "what was made is taken back"
PLACE = re.compile(r"(?P<section>[^/]+)/(?P<page>[a-z0-9]+(?:-[a-z0-9]+)*)")


class Refused(Exception):
    """Why no page was made, and what to do about it."""


def main(root: Path = ROOT) -> int:
    """Make the page that the command line names; the exit status is 1 if it was refused."""
    parser = argparse.ArgumentParser(prog="nox -s new --", description=__doc__)
    parser.add_argument("place", help="<section>/<page>, such as pitfalls/lost-update")
    parser.add_argument("group", nargs="?", help="where in the section, such as 'Lost or wrong'")
    arguments = parser.parse_args()
    try:
        made = make_page(root, arguments.place, arguments.group)
    except Refused as error:
        print(f"Refused, and nothing is written: {error}")
        return 1
    page = arguments.place.rpartition("/")[2]
    print("\n".join(["Made:", *(f"  {name}" for name in made)]))
    print('Replace the programs, and each sentence that has "Write here": the check names those.')
    print(f"Prove each sentence, as tests/claims/{claims.module_of(page)}.py begins to do.")
    print(f"Then record what they print: nox -s update -- {page}")
    print(f'And check the page: nox -- -k "{page} or sources"')
    return 0


def make_page(root: Path, place: str, group: str | None = None) -> list[str]:
    """Write all files of a page, or none; give what was written. Raises Refused."""
    site = read_site(root)
    section, page = check_place(site, place)
    config = root / "mkdocs.yml"
    nav, where = with_entry(config.read_text("utf-8"), section, f"{place}.md", group)
    with ExitStack() as undo:
        path, folder = root / "docs" / f"{place}.md", root / "examples" / page
        proofs = claims.file_of(site, path)
        undo.callback(path.unlink, missing_ok=True)
        undo.callback(proofs.unlink, missing_ok=True)
        undo.callback(shutil.rmtree, folder, ignore_errors=True)
        undo.callback(config.write_bytes, config.read_bytes())
        addresses = root / NAME
        undo.callback(addresses.write_bytes, addresses.read_bytes())
        folder.mkdir()
        for template in sorted((TEMPLATES / section).iterdir()):
            file = {"page.md": path, "claims.py": proofs}.get(template.name, folder / template.name)
            work.write(file, filled(template, page))
        work.write(config, nav)
        made = read_site(root)
        record_addresses(made)
        record(made, path)
        undo.pop_all()
    files = [path, *sorted(folder.iterdir()), proofs]
    entries = [f"mkdocs.yml, in the nav under {where}", NAME]
    return [*(site.relative(file) for file in files), *entries]


def check_place(site: Site, place: str) -> tuple[str, str]:
    """Section and page of a place where a page can be. Raises Refused."""
    sections = sorted(path.name for path in TEMPLATES.iterdir())
    found = PLACE.fullmatch(place)
    if not found:
        raise Refused(
            f"{place!r} is not the name of a page. Write <section>/<page>, the page in "
            "lower-case words with hyphens between: pitfalls/lost-update."
        )
    section, page = found.groups()
    if section not in sections:
        raise Refused(
            f"there is no section {section!r} that takes new pages. "
            f"Write one of {', '.join(sections)}."
        )
    if not portable(page):
        raise Refused(f"Windows does not allow a file of the name {page!r}. Choose another.")
    for path in taken(site):
        if folded(path.stem) == folded(page):
            raise Refused(
                f"the name {page!r} is taken by {site.relative(path)}. Choose another: a name "
                "stands for one page, also where upper and lower case, or - and _, are the same."
            )
    return section, page


def taken(site: Site) -> Iterator[Path]:
    """All that has a name which a page, or the folder of its programs, cannot have too."""
    yield from [*site.fences, *site.notebooks]
    for top in "docs", "examples":
        yield from (path for path in sorted((site.root / top).iterdir()) if path.is_dir())


def filled(template: Path, page: str) -> str:
    """A template with the name of its page, and a title made of it."""
    title = page.replace("-", " ").capitalize()
    return template.read_text("utf-8").replace("PAGE", page).replace("TITLE", title)


def with_entry(text: str, section: str, entry: str, group: str | None) -> tuple[str, str]:
    """The text of `mkdocs.yml` with one line more, and the words it stands under. Raises Refused.

    The line comes after the last one of the group, as deep as that; all others stay as they are.
    """
    try:
        tree = yaml.compose(text, yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise Refused(f"mkdocs.yml is not YAML. Mend it first: {error}") from None
    sections = named(mapping(tree).get("nav"))
    title = next((name for name in sections if name.lower() == section), None)
    if title is None:
        raise Refused(f"the nav in mkdocs.yml has no {section.capitalize()!r}. Add it there first.")
    items, words = sections[title], [title]
    groups = named(items)
    if group or groups:
        name = next((g for g in groups if group and g.lower() == group.lower()), None)
        if group and name is None:
            has = ", ".join(map(repr, groups)) or "no groups"
            raise Refused(f"the nav has no {group!r} in {title}. It has {has}.")
        words.append(name or list(groups)[-1])
        items = groups[words[-1]]
    lines = text.splitlines()
    last = [leaf.start_mark.line for leaf in scalars(items)][-1:]
    flow = isinstance(items, yaml.SequenceNode) and items.flow_style
    dash = re.match(r" +- ", lines[last[0]]) if last and not flow else None
    if dash is None:
        raise Refused(
            f"the nav in mkdocs.yml has the pages of {words[-1]!r} in a form that this cannot "
            "add to. Write each on a line of its own, after a dash."
        )
    lines.insert(last[0] + 1, f"{dash[0]}{entry}")
    return "\n".join([*lines, ""]), ", ".join(words)


def mapping(node: yaml.Node | None) -> dict[str, yaml.Node]:
    """Keys and values of a YAML mapping; nothing of another node."""
    return {k.value: v for k, v in node.value} if isinstance(node, yaml.MappingNode) else {}


def named(node: yaml.Node | None) -> dict[str, yaml.Node]:
    """The items of a YAML list that are lists themselves, by their names."""
    items = node.value if isinstance(node, yaml.SequenceNode) else []
    pairs = [pair for item in items for pair in mapping(item).items()]
    return {name: value for name, value in pairs if isinstance(value, yaml.SequenceNode)}


def record(site: Site, page: Path) -> None:
    """Record what the programs of a new page print, and look at the page. Raises Refused."""
    where = site.relative(page)
    programs = [program for program in site.programs.values() if program.page == where]
    pythons = find_pythons(needed(programs))
    wrong = [
        f"{program.name}: {message}"
        for program, message in work.each(lambda p: update_program(p, pythons), programs)
        if message.startswith("refused")
    ]
    ours = where, f"examples/{page.stem}/", site.relative(claims.file_of(site, page))
    problems = [p for p in read_site(site.root).problems if p.path.startswith(ours)]
    wrong += [str(problem) for problem in problems if problem.what != UNWRITTEN]
    if wrong:
        raise Refused("\n".join(["the template does not work. Mend docs/_template:", *wrong]))
