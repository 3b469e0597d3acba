"""Every public name of the modules that this site is about is on some page, in code font."""

import pytest

from tests.harness.read.site import read_site
from tests.harness.read.spans import words
from tests.harness.run.things import every_name

REMEDY = "Give each a row or a phrase where it belongs, with what it is of on the same page"


def test_each_name_is_on_a_page() -> None:
    pages = list(words(read_site()).values())
    missing = [
        f"{name}, of {' or '.join(sorted(owners))}" if owners != {name} else name
        for owners, name in every_name()
        if not any(name in page and owners & page for page in pages)
    ]
    if missing:
        pytest.fail("\n".join(["On no page, in code font:", *missing, REMEDY]), pytrace=False)
