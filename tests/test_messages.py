"""Each message in the source of this Python is on the page on which messages are looked up."""

from collections.abc import Callable
from typing import NoReturn

from tests.harness.read.messages import check_source
from tests.harness.read.raised import messages
from tests.harness.read.site import read_site
from tests.harness.read.versions import THIS, is_known


def test_every_message_of_this_python_is_on_the_page(
    differs: Callable[[str, bool], NoReturn],
) -> None:
    site = read_site()
    known = len(site.problems)
    check_source(site, messages(), THIS)
    if site.problems[known:]:  # a release that is new may have new ones: that is told only
        differs("\n".join(map(str, site.problems[known:])), is_known(THIS))
