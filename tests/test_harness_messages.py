"""Messages on the page of errors that lead astray, or are missing, are found and told."""

from pathlib import Path

import pytest

from tests.harness.read.messages import check_messages
from tests.harness.read.site import read_site
from tests.test_harness_site import PAGE, make

QUOTE = PAGE + "\n```text\nValueError: too late\n```\n"
ERRORS = "# Errors\n\n| Message | Page |\n| --- | --- |\n| `{}` | [Race](pitfalls/race.md) |\n"


@pytest.mark.parametrize(
    "message, told",
    [
        pytest.param("too late", [], id="shown and listed"),
        pytest.param("ValueError: too ...", [], id="with dots"),
        pytest.param(
            "too soon",
            [
                "docs/errors.md:9: a message that docs/pitfalls/race.md does not show, 'too soon'."
                " Correct it, or link where it is shown.",
                "docs/pitfalls/race.md:16: a message that docs/errors.md does not have, "
                "'ValueError: too late'. Add a row for it there.",
            ],
            id="neither",
        ),
    ],
)
def test_messages(tmp_path: Path, message: str, told: list[str]) -> None:
    files = {
        "mkdocs.yml": "nav:\n  - index.md\n  - errors.md\n  - pitfalls/race.md\n",
        "docs/pitfalls/race.md": QUOTE,
        "tests/addresses.txt": "/\n/errors/\n/pitfalls/race/\n",
        "docs/errors.md": ERRORS.format(message),
        "examples/race/fixed.out": "4\nValueError: too late\n",
    }
    site = read_site(make(tmp_path, files))
    assert site.problems == []
    check_messages(site)
    assert [str(problem) for problem in site.problems] == told


def test_a_site_without_the_page_promises_nothing(tmp_path: Path) -> None:
    site = read_site(make(tmp_path, {}))
    check_messages(site)
    assert site.problems == []
