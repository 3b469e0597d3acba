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


def several_machines() -> None:
    """
    Processes on several machines | a manager over TCP for a few objects and jobs; Redis or
    PostgreSQL for counters, queues and locks; ZeroMQ for messages without a server; NATS,
    memcached, Celery or RQ for messages, a cache or tasks; MPI for numerical work; Dask or Ray for
    a cluster
    """
    no_fact("where to go")
