"""A new page is made from its section's template, whole or not at all."""

import re
from pathlib import Path

import pytest

from tests.harness.read.checks import UNWRITTEN, WIDTH
from tests.harness.read.site import ROOT, read_site
from tests.harness.tools import new
from tests.test_harness_site import make
from tests.test_harness_update import PYTHON

NAV = """# Kept.
nav:
  - index.md  # kept, too
  - Pitfalls:
      - Lost:
          - pitfalls/race.md
      - It hangs:
          - Late: pitfalls/late.md  # the last one
  - Syntax:
      - syntax/lock.md
  - Examples: []
  - More:
{more}

theme: material
"""
LINKED = [  # from the templates
    "examples/collect-results.md",
    "pitfalls/globals.md",
    "pitfalls/ordinary-objects.md",
    "syntax/pool.md",
    "syntax/queue.md",
    "syntax/value.md",
]
NAV = NAV.format(more="\n".join(f"      - {page}" for page in LINKED))
FILES = {
    "mkdocs.yml": NAV,
    "docs/pitfalls/late.md": "# Late\n",
    "docs/syntax/lock.md": "# Lock\n",
    "examples/_startup/hook.txt": "",
    "tests/claims/__init__.py": "",
    **{f"docs/{page}": "# Linked\n" for page in LINKED},
}


@pytest.fixture(autouse=True)
def one_python(monkeypatch: pytest.MonkeyPatch) -> None:
    """Record on this Python alone, as where there is no other."""
    monkeypatch.setattr(new, "find_pythons", lambda packages: PYTHON)


def files(root: Path) -> dict[str, bytes]:
    return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}


@pytest.mark.parametrize(
    "place, group, line, after",
    [
        pytest.param(
            "pitfalls/lost-update", None, "          - pitfalls/lost-update.md", "pitfalls/late.md",
            id="last group",
        ),
        pytest.param(
            "pitfalls/lost-update", "lost", "          - pitfalls/lost-update.md",
            "pitfalls/race.md", id="named group",
        ),
        pytest.param(
            "syntax/pipe2", None, "      - syntax/pipe2.md", "syntax/lock.md", id="no groups"
        ),
    ],
)  # fmt: skip
def test_a_page_is_made_and_green(
    tmp_path: Path, place: str, group: str | None, line: str, after: str
) -> None:
    made = new.make_page(make(tmp_path, FILES), place, group)
    site = read_site(tmp_path)
    left = {problem.what for problem in site.problems}
    assert left == {UNWRITTEN}
    page = place.partition("/")[2]
    programs = [program for program in site.programs.values() if program.path.parent.name == page]
    assert programs
    assert all(shown.text for p in programs for e in p.expectations for shown in e.shown)
    assert made[0] == f"docs/{place}.md"
    assert {tie.kind for tie in site.ties if tie.page.stem == page} == {"shown", "loose"}
    lines = (tmp_path / "mkdocs.yml").read_text("utf-8").splitlines()
    assert after in lines[lines.index(line) - 1]
    lines.remove(line)
    assert lines == NAV.splitlines()


@pytest.mark.parametrize(
    "place, group, why, remedy",
    [
        ("race", None, "'race' is not the name of a page", "Write <section>/<page>"),
        ("pitfalls/Lost", None, "is not the name of a page", "lower-case words with hyphens"),
        ("pitfalls/lost_update", None, "is not the name of a page", "lower-case words"),
        ("pitfalls/../lost", None, "is not the name of a page", "lower-case words"),
        ("pitfalls/aux", None, "Windows does not allow", "Choose another"),
        ("costs/lost", None, "no section 'costs'", "one of examples, pitfalls, syntax"),
        ("syntax/race", None, "'race' is taken by docs/pitfalls/race.md", "Choose another"),
        ("syntax/index", None, "'index' is taken by docs/index.md", "Choose another"),
        ("syntax/two-words", None, "is taken by examples/Two_Words", "Choose another"),
        ("syntax/pitfalls", None, "is taken by docs/pitfalls", "Choose another"),
        ("syntax/tour", None, "is taken by docs/tour.ipynb", "Choose another"),
        ("pitfalls/lost", "Gone", "no 'Gone' in Pitfalls", "It has 'Lost', 'It hangs'"),
        ("syntax/lost", "Gone", "no 'Gone' in Syntax", "It has no groups"),
        ("examples/lost", None, "in a form that this cannot add to", "on a line of its own"),
    ],
)
def test_what_is_refused_writes_nothing(
    tmp_path: Path, place: str, group: str | None, why: str, remedy: str
) -> None:
    make(tmp_path, FILES | {"examples/Two_Words/x.py": "", "docs/tour.ipynb": "{}"})
    before = files(tmp_path)
    with pytest.raises(new.Refused, match=re.escape(why)) as error:
        new.make_page(tmp_path, place, group)
    assert remedy in str(error.value)
    assert files(tmp_path) == before


@pytest.mark.parametrize(
    "config, why",
    [
        ("nav: [index.md, pitfalls/race.md]\n", "the nav in mkdocs.yml has no 'Pitfalls'"),
        ("nav:\n  - Pitfalls: [a.md, b.md]\n", "cannot add to"),
        ("site_name: No nav\n", "has no 'Pitfalls'"),
        ("", "has no 'Pitfalls'"),
        ("nav:\n\t- index.md\n", "mkdocs.yml is not YAML"),
    ],
)
def test_a_nav_that_it_cannot_read_is_refused(tmp_path: Path, config: str, why: str) -> None:
    make(tmp_path, FILES | {"mkdocs.yml": config})
    before = files(tmp_path)
    with pytest.raises(new.Refused, match=re.escape(why)):
        new.make_page(tmp_path, "pitfalls/lost-update")
    assert files(tmp_path) == before


@pytest.mark.parametrize(
    "program, why",
    [
        ('"""Fail."""\nraise SystemExit(3)\n', "was exit status 3"),
        ('print("no description")\n', "a program without a description"),
    ],
)
def test_what_fails_half_way_is_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, why: str
) -> None:
    template = tmp_path / "template" / "pitfalls"
    template.mkdir(parents=True)
    page = '# TITLE\n\n```python title="PAGE/a.py"\n--8<-- "PAGE/a.py"\n```\n\n'
    output = '```text title="Output"\n--8<-- "PAGE/a.out"\n```\n'
    (template / "page.md").write_text(page + output, "utf-8")
    (template / "a.py").write_text(program, "utf-8")
    monkeypatch.setattr(new, "TEMPLATES", template.parent)
    root = make(tmp_path / "site", FILES)
    before = files(root)
    with pytest.raises(new.Refused, match=why):
        new.make_page(root, "pitfalls/lost-update")
    assert files(root) == before
    assert not (root / "examples" / "lost-update").exists()


def test_an_interrupt_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(packages: frozenset[str]) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(new, "find_pythons", interrupted)
    before = files(make(tmp_path, FILES))
    with pytest.raises(KeyboardInterrupt):
        new.make_page(tmp_path, "pitfalls/lost-update")
    assert files(tmp_path) == before


def test_the_command_says_what_it_made_and_what_comes_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    make(tmp_path, FILES)
    monkeypatch.setattr("sys.argv", ["new", "syntax/pipe2"])
    assert new.main(tmp_path) == 0
    told = capsys.readouterr().out
    assert "  examples/pipe2/smallest.out\n" in told
    assert "nox -s update -- pipe2\n" in told
    assert new.main(tmp_path) == 1
    assert "Refused, and nothing is written: the name 'pipe2' is taken" in capsys.readouterr().out


def test_templates_lead_to_pages_and_fit_them() -> None:
    for page in new.TEMPLATES.glob("*/page.md"):
        for link in re.findall(r"\]\(([^)]+)\)", page.read_text("utf-8")):
            assert (ROOT / "docs" / page.parent.name / link).is_file(), f"{page}: {link}"
    for program in new.TEMPLATES.glob("*/*.py"):
        assert all(len(line) <= WIDTH for line in program.read_text("utf-8").splitlines()), program
