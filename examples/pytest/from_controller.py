# /// script
# dependencies = ["pytest", "pytest-xdist"]
# ///
"""All workers of pytest-xdist share one dict on a server."""

import os
from multiprocessing import parent_process
from multiprocessing.managers import BaseManager, DictProxy
from threading import Thread

import pytest
from _run import run

seen = {}  # that of the server's process is the shared one


def get_seen():
    return seen


BaseManager.register("seen", get_seen, DictProxy)


def end_with_parent():
    parent_process().join()
    os._exit(1)  # pytest has ended without the summary


def watch():
    Thread(target=end_with_parent, daemon=True).start()


def pytest_configure(config):
    address = getattr(config, "workerinput", {}).get("address")
    config.server = BaseManager(address, authkey=b"for tests only")
    if address:  # in a worker
        config.server.connect()
    else:
        config.server.start(watch)


def pytest_configure_node(node):
    node.workerinput["address"] = node.config.server.address


def pytest_terminal_summary(terminalreporter, config):
    workers = sorted(config.server.seen().keys())
    terminalreporter.write_line(f"in the dict: {workers}")
    config.server.shutdown()


@pytest.mark.parametrize("n", range(2))
def test_puts(n, request, worker_id):
    request.config.server.seen()[worker_id] = n


def main():
    options = ["-p", "xdist", "-n", "2"]
    print(*run(__file__, *options, conftest=True)[-2:], sep="\n")


if __name__ == "__main__":
    main()
