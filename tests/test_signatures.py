"""The calls that pages present are those that this Python has, in full."""

import pytest

from tests.harness.compare.calls import wrong_calls
from tests.harness.read.calls import Thing, read_calls
from tests.harness.read.pages import Problem
from tests.harness.read.site import this_site

SITE = this_site()
PAGES = read_calls(SITE)
THINGS = [thing for things in PAGES.values() for thing in things]


@pytest.mark.parametrize("thing", THINGS, ids=str)
def test_calls_are_those_of_python(thing: Thing) -> None:
    path = SITE.relative(thing.page)
    if found := [Problem(path, *fault) for fault in wrong_calls(thing, PAGES)]:
        pytest.fail("\n".join(map(str, found)), pytrace=False)
