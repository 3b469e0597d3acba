"""What docs/left-out.md says."""

from tests.claims import no_fact


def the_subject() -> None:
    """This guide is about data that CPython processes share, most of it on one machine. It leaves
    out what is below, on purpose.
    """
    no_fact("an introduction")


def when_it_is_shown() -> None:
    """The search shows this page when no other one fits a question."""
    no_fact("tests/test_questions.py asks the search such questions, in a browser")
