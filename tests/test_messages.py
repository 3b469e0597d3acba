"""Each message in the source of this Python is on the page on which messages are looked up."""

import pytest

from tests.harness.read.messages import check_source
from tests.harness.read.raised import messages
from tests.harness.read.site import read_site
from tests.harness.read.versions import THIS


def test_every_message_of_this_python_is_on_the_page() -> None:
    site = read_site()
    known = len(site.problems)
    check_source(site, messages(), THIS)
    if site.problems[known:]:
        pytest.fail("\n".join(map(str, site.problems[known:])), pytrace=False)
