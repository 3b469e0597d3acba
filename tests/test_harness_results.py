"""Results are written, read, counted, and stamped under the very text that was checked."""

import os
import platform
import re
import tempfile
from pathlib import Path

import pytest
from markdown import Markdown

from tests.harness.read.model import Site
from tests.harness.read.site import read_site
from tests.harness.tell import foot, results, stamps
from tests.harness.tell.results import Checked, Run, contract_line
from tests.test_harness_site import FRONT_MATTER, PAGE, RACE, make
from tests.test_harness_update import SITE

TABBED = (
    FRONT_MATTER
    + PAGE.partition("```text")[0]
    + """
=== "fork"

    ```text title="Output"
    --8<-- "race/fixed.out"
    ```

=== "forkserver and spawn"

    ```text title="Output"
    --8<-- "race/fixed.spawn.out"
    ```
"""
)


@pytest.fixture
def made_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A site in place of the real one."""
    files = {RACE: TABBED, "examples/race/fixed.spawn.out": "5\n"}
    site = read_site(make(tmp_path, files))
    assert not site.problems
    monkeypatch.setattr(stamps, "ROOT", tmp_path)
    monkeypatch.setattr(stamps, "PAGE", tmp_path / "docs/page.md")
    monkeypatch.setattr(stamps, "read_site", lambda: read_site(tmp_path))
    return site


NONE = "0 statements, 0 tied, 0 loose"


def checked(site: Site, method: str, passed: bool = True) -> Checked:
    program = site.programs["race/fixed"]
    expectation = program.expectation(method)
    assert expectation is not None
    return Checked(program.name, program.hash(expectation), method, True, passed, 0.1)


def stamped(site: Site, page: str) -> list[str]:
    """The stamps of a page, as the site's build writes them, before they are HTML."""
    stamps.read_once.cache_clear()
    foot.site_once.cache_clear()
    preprocessor = stamps.StampOutputs(Markdown(), site.root / "results")
    return [line for line in preprocessor.run(page.splitlines()) if "Checked: " in line]


def listed(site: Site) -> list[str]:
    """The page "What was checked"."""
    return stamps.what_was_checked(results.read(site.root / "results"))


def save(site: Site, *checked: Checked, contract: str = "") -> Path:
    return results.write(checked, contract, site.hash, site.root / "results")


def test_what_is_written_is_read(made_up: Site) -> None:
    one = checked(made_up, "fork")
    save(made_up, one, contract="1 blocks, ...")
    (run,) = results.read(made_up.root / "results")
    assert run.checked == [one]
    assert run.contract == "1 blocks, ..."


def test_a_broken_results_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text("{}")
    with pytest.raises(ValueError, match=r"broken\.json:1: not a results file .*; delete it"):
        results.read(tmp_path)


def test_nothing_is_claimed_without_a_result(made_up: Site) -> None:
    assert stamped(made_up, TABBED) == []


def test_each_output_is_stamped_for_its_own_case(made_up: Site) -> None:
    save(made_up, checked(made_up, "fork"), checked(made_up, "spawn"))
    fork, spawn = stamped(made_up, TABBED)
    assert fork.endswith(" under fork. Not checked on Windows and macOS")
    assert spawn.endswith(" under spawn. Not checked on Windows and macOS")
    assert fork.startswith("    Checked: CPython 3.")


def test_markdown_stamps_pages_before_it_includes_anything(made_up: Site) -> None:
    """As MkDocs calls it: by the name of the module, with the folder of the results."""
    save(made_up, checked(made_up, "fork"))
    stamps.read_once.cache_clear()
    foot.site_once.cache_clear()
    name = "tests.harness.tell.stamps"
    folder = {"base_path": [str(made_up.root / "examples")]}
    html = Markdown(
        extensions=[
            name,
            "attr_list",
            "pymdownx.superfences",
            "pymdownx.snippets",
            "pymdownx.tabbed",
        ],
        extension_configs={
            name: {"results": str(made_up.root / "results")},
            "pymdownx.snippets": folder,
            "pymdownx.tabbed": {"alternate_style": True},
        },
    ).convert(f"{TABBED}\n{stamps.LIST_MARK}\n")
    under = (
        r'>4\n</code></pre></div>\n<p class="checked" data-search-exclude>Checked: CPython .*</p>\n'
    )
    assert len(re.findall(under, html)) == html.count("Checked: ") == 1
    assert "Not yet checked: no test run of this text of the site has passed." in html


def test_an_edited_program_loses_its_stamp(made_up: Site) -> None:
    save(made_up, checked(made_up, "fork"))
    (made_up.root / "examples/race/fixed.py").write_text('"""Add."""\n\nprint(2 + 2)\n')
    assert stamped(made_up, TABBED) == []


def test_an_edited_output_loses_its_stamp(made_up: Site) -> None:
    save(made_up, checked(made_up, "fork"))
    (made_up.root / "examples/race/fixed.out").write_text("5\n")
    assert stamped(made_up, TABBED) == []


def test_other_words_lose_the_stamp(made_up: Site) -> None:
    save(made_up, checked(made_up, "fork"))
    assert stamped(made_up, TABBED.replace('"Output"', '"Output, in any order"')) == []


def test_a_later_failure_takes_the_stamp_away(made_up: Site) -> None:
    save(made_up, checked(made_up, "fork"))
    save(made_up, checked(made_up, "fork", passed=False))
    assert stamped(made_up, TABBED) == []


def test_a_stamp_tells_pythons_with_the_same_methods_together() -> None:
    def run(python: str, system: str = "Linux") -> Run:
        return Run("", "", python, system, "", [])

    def check(method: str) -> Checked:
        return Checked("race/fixed", "0", method, True, True, 0.1)

    passed = [(run("3.9.1"), check(m)) for m in ("spawn", "fork")]
    passed += [(run("3.15.2"), check(m)) for m in ("fork", "spawn")]
    passed += [(run("3.15.2", "macOS"), check("spawn"))]
    assert stamps.sentence(passed) == (
        "Checked: CPython 3.9.1 and 3.15.2 on Linux under fork and spawn; "
        "CPython 3.15.2 on macOS under spawn. Not checked on Windows"
    )
    assert stamps.sentence(passed, frozenset({"Linux"})).endswith("on macOS under spawn")


def test_results_of_other_systems_are_stamped(
    made_up: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As they come from elsewhere: each in a folder of its own."""
    for system in "Linux", "macOS", "Windows":
        monkeypatch.setattr(results, "SYSTEM", system)
        path = save(made_up, checked(made_up, "spawn"), contract=f"all of {system}")
        path.parent.joinpath(f"results-{system}").mkdir()
        path.rename(path.parent / f"results-{system}" / path.name)
    (stamp,) = stamped(made_up, TABBED)
    python = f"CPython {platform.python_version()}"
    told = "; ".join(f"{python} on {name} under spawn" for name in ("Linux", "Windows", "macOS"))
    assert stamp.strip() == f"Checked: {told}"
    lines = "\n".join(listed(made_up))
    assert re.search(r"\| macOS \| .+ \| all of macOS \|", lines)
    assert re.search(r"\| Windows \| .+ \| all of Windows \|", lines)
    assert f"| `race/fixed.spawn.out` | {told} |" in lines


def test_the_list_tells_what_was_checked_and_what_not(made_up: Site) -> None:
    save(made_up, checked(made_up, "fork"), contract="1 blocks, 1 executed")
    lines = listed(made_up)
    assert any(line.endswith(" | 1 blocks, 1 executed |") for line in lines)
    assert sum("`race/fixed.out`" in line and "under fork" in line for line in lines) == 1
    assert "| `race/fixed.spawn.out` | not yet |" in lines


def test_the_list_has_fragments_and_cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = read_site(make(tmp_path, SITE))
    monkeypatch.setattr(stamps, "read_site", lambda: site)
    save(site, contract="3 blocks, 3 executed")
    lines = listed(site)
    assert "| `a/print.md:7` | not yet |" in lines
    assert "| `tour.ipynb:cell 1` | not yet |" in lines


def test_the_list_says_that_nothing_has_run(made_up: Site) -> None:
    assert "Not yet checked" in stamps.what_was_checked([])[1]


def test_an_edited_site_loses_its_contract_line(made_up: Site) -> None:
    save(made_up, contract="1 blocks, 1 executed")
    assert any("1 executed" in line for line in listed(made_up))
    (made_up.root / "examples/race/fixed.out").write_text("5\n")
    assert not any("1 executed" in line for line in listed(made_up))


def test_the_contract_line_counts_blocks(made_up: Site) -> None:
    one = checked(made_up, "fork")
    assert (
        contract_line(made_up, 0, [one]) == f"1 blocks, 1 executed, 1 compared, 0 skipped; {NONE}"
    )
    assert (
        contract_line(made_up, 2, [one]) == f"3 blocks, 1 executed, 1 compared, 2 skipped; {NONE}"
    )


def test_what_is_left_out_is_not_among_the_blocks(made_up: Site) -> None:
    line = contract_line(made_up, 0, [], {"race/fixed"})
    assert line == f"0 blocks, 0 executed, 0 compared, 0 skipped; {NONE}"


def test_results_of_a_read_only_checkout_are_kept_with_the_data_of_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_only: set[Path] = set()

    def access(path: Path, mode: int) -> bool:
        return not any(path.is_relative_to(folder) for folder in read_only)

    names = "checkout", "state", "tmp"
    checkout, state, temporary = folders = [tmp_path / name for name in names]
    for folder in folders:
        folder.mkdir()
    monkeypatch.setattr(os, "access", access)
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.setenv("XDG_STATE_HOME", str(state))
    assert results.folder_of(checkout) == checkout / "results"
    read_only.add(checkout)
    elsewhere = results.folder_of(checkout)
    assert elsewhere.is_relative_to(state)
    assert elsewhere != results.folder_of(checkout / "another")
    path = results.write([], "", "", elsewhere)
    assert results.read(elsewhere) == results.read(path.parent) != []
    read_only.add(state)
    assert results.folder_of(checkout).is_relative_to(temporary)
    read_only.add(temporary)
    assert results.folder_of(checkout) == checkout / "results", "writing there tells why not"
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)  # as without a home
    read_only.remove(temporary)
    assert results.folder_of(checkout).is_relative_to(temporary)


def test_the_foot_tells_how_statements_are_proved(made_up: Site) -> None:
    page = made_up.root / RACE
    said = "\nIt adds. See [this](https://a.org). Be brief.\n"
    page.write_text(page.read_text("utf-8") + said, "utf-8")
    claims = made_up.root / "tests" / "claims" / "race.py"
    lines = page.read_text("utf-8").removeprefix(FRONT_MATTER).splitlines()
    told = "3 statements on this page: 1 linked to a source, 2 not proved yet."
    assert foot.foot(made_up.root, lines, "") == told
    foot.site_once.cache_clear()
    claims.parent.mkdir()
    claims.write_text(
        'def adds():\n    """It adds."""\n    assert 4\n\n'
        'def brief():\n    """Be brief."""\n    no_fact("advice")\n',
        "utf-8",
    )
    preprocessor = stamps.StampOutputs(Markdown(), made_up.root, "https://a.org/main/docs/")
    assert preprocessor.run(lines)[-2:] == [
        "3 statements on this page: 1 checked by the tests, 1 linked to a source, 1 with nothing "
        "to prove. [The checks](https://a.org/main/tests/claims/race.py)",
        "{ .statements data-search-exclude }",
    ]
    assert foot.foot(made_up.root, ["Another text"], "") == ""
