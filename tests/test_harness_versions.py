"""Labels name releases of CPython; the Pythons of a machine are found by release."""

import json
import re
import sys
from pathlib import Path

import pytest

from tests.harness.read import versions
from tests.harness.read.versions import EVERY, PYTHONS, THIS, Release, Versions, read_versions
from tests.harness.read.words import read_case
from tests.harness.run import pythons


@pytest.mark.parametrize(
    "text, inside, outside",
    [
        ("3.12", [(3, 12, 0), (3, 12, 99)], [(3, 11, 99), (3, 13, 0)]),
        ("3.11 to 3.13", [(3, 11, 0), (3, 13, 99)], [(3, 14, 0)]),
        ("3.13.0 to 3.13.7", [(3, 13, 0), (3, 13, 7)], [(3, 12, 99), (3, 13, 8)]),
        ("3.13.8 and later", [(3, 13, 8), (3, 14, 0), (3, 99, 0)], [(3, 13, 7)]),
        ("3.13.8 to 3.13", [(3, 13, 8), (3, 13, 99)], [(3, 13, 7), (3, 14, 0)]),
        ("3.11 to 3.13.7 and 3.14.0", [(3, 13, 7), (3, 14, 0)], [(3, 13, 8), (3, 14, 1)]),
        (
            "3.13.8 and later and 3.14.1 and later",
            [(3, 13, 8), (3, 13, 99), (3, 14, 1), (3, 15, 0)],
            [(3, 13, 7), (3, 14, 0)],
        ),
        ("3.12 and 3.14", [(3, 12, 9), (3, 14, 9)], [(3, 13, 0), (3, 15, 0)]),
        (PYTHONS[-1], [(3, 99, 0)], [(3, 11, 0)]),  # a version that is not known yet
    ],
)
def test_a_label_names_releases(text: str, inside: list[Release], outside: list[Release]) -> None:
    found = read_versions(text)
    assert str(found) == text
    assert all(release in found and release not in EVERY - found for release in inside)
    assert all(release not in found and release in EVERY - found for release in outside)
    assert found & (EVERY - found) == Versions(())


@pytest.mark.parametrize(
    "text, why",
    [
        ("3.10", "not supported, 3.10; write one of 3.11, "),
        ("3.13.99", "a release that does not exist, 3.13.99; the newest known is 3.13."),
        ("3.11 to 3.12.99", "a release that does not exist, 3.12.99"),
        ("3.12 to 3.11", "overlap or run backwards"),
        ("3.13.8 to 3.13.7", "overlap or run backwards"),
        ("3.12 and later and 3.12.5", "overlap or run backwards"),
        ("3.13.0 to 3.13.7 and 3.13.7", "overlap or run backwards"),
        ("3.013", "unknown words in '3.013'"),
        ("3.13.00 and later", "unknown words in '3.13.00 and later'"),
        ("3.1\u0663", "unknown words in '3.1\u0663'"),
        ("3.13 or later", "unknown words in '3.13 or later'; write "),
    ],
)
def test_a_label_that_is_wrong_is_told(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=re.escape(why)):
        read_versions(text)


@pytest.mark.parametrize(
    "label",
    ["fork", "forkserver and spawn, Python 3.14 and later", "spawn, Python 3.12, Linux and macOS"],
)
def test_a_case_is_named_as_it_was_read(label: str) -> None:
    assert str(read_case(label)) == label


def test_what_exists_is_what_the_project_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "NEWEST", [(3, 13, 99)])
    assert (3, 13, 99) in read_versions("3.13.99 and later")
    assert (3, 12, 98) in read_versions("3.12.98")  # of 3.12, none is known


def test_pythons_are_this_one_those_of_the_tests_and_those_on_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def make(name: str, script: str) -> str:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(script)
        path.chmod(0o755)
        return str(path)

    def python(release: Release, *packages: str) -> str:
        return f"#!/bin/sh\necho '{json.dumps([release, packages])}'\n"

    of_tests = make(f"nox/tests-3-13/{pythons.IN_FOLDER}", python((3, 13, 98), "numpy"))
    make("path/python3.13", python((3, 13, 98)))
    make("path/python3.15", python((3, 15, 98)))
    better = make("path/python3.15.98", python((3, 15, 98), "numpy"))
    make("path/python3.10", python((3, 10, 0)))
    make("path/python3.15-config", python((3, 15, 97)))
    make("path/python3.14", "no program")
    make("path/python3.12", "#!/bin/sh\nexit 1\n")
    monkeypatch.setenv("NOX_ENVDIR", str(tmp_path / "nox"))
    monkeypatch.setenv("PATH", f"{tmp_path / 'gone'}:{tmp_path / 'path'}:/usr/bin")
    found = pythons.find_pythons(frozenset({"numpy"}))
    paths = {release: python.path for release, python in found.items() if release[2] == 98}
    assert paths == {(3, 13, 98): of_tests, (3, 15, 98): better}
    assert found[THIS].path == sys.executable
    assert list(found) == sorted(found)
    assert not {(3, 10, 0), (3, 15, 97)} & set(found)


def test_a_release_is_known_once_it_has_come_out() -> None:
    newest = versions.NEWEST[-1]
    assert versions.is_known(newest)
    assert versions.is_known((*newest[:2], 0))
    assert not versions.is_known(versions.next_patch(newest))
    assert not versions.is_known(versions.after(newest))
