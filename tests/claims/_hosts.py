"""Hosts of a network of their own, for checks: a network namespace each.

A namespace has no name, and ends with the process that is in it. That process waits for the
end of a pipe, so that nothing is left when a check is killed.
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

WAITS = ["unshare", "--net", "sh", "-c", "echo && exec cat"]


class Namespace:
    """A network namespace."""

    def __init__(self, process: int) -> None:
        self.process = process

    def line(self, *command: str) -> list[str]:
        """The command line that runs a command there."""
        return ["nsenter", f"--net=/proc/{self.process}/ns/net", *command]

    def ip(self, *words: str) -> None:
        """Run `ip` there; CalledProcessError where that is not permitted."""
        subprocess.run(self.line("ip", *words), check=True, stderr=subprocess.DEVNULL)


class Host(Namespace):
    """One that has an address, and a cable to a switch, which is a namespace, too."""

    def __init__(self, process: int, switch: Namespace, address: str) -> None:
        super().__init__(process)
        self.switch, self.cable = switch, f"to{process}"
        peer = ["type", "veth", "peer", "name", "eth0", "netns", str(process)]
        switch.ip("link", "add", self.cable, *peer)
        switch.ip("link", "set", self.cable, "master", "switch", "up")
        self.ip("address", "add", f"{address}/24", "dev", "eth0")
        for device in "lo", "eth0":
            self.ip("link", "set", device, "up")

    def set_cable(self, state: str) -> None:
        """Cut the cable with `down`, and repair it with `up`."""
        self.switch.ip("link", "set", self.cable, state)


@cache
def possible() -> bool:
    """Whether this system has the commands for hosts, and lets us make them, as root may."""
    try:
        with hosts("10.0.0.1"):
            return True
    except (OSError, subprocess.CalledProcessError):
        return False


@contextmanager
def hosts(*addresses: str) -> Iterator[list[Host]]:
    """A host for each address, on one switch."""
    with _namespaces(1 + len(addresses)) as (first, *rest):
        switch = Namespace(first)
        switch.ip("link", "add", "switch", "type", "bridge")
        switch.ip("link", "set", "switch", "up")
        yield [Host(pid, switch, address) for pid, address in zip(rest, addresses, strict=True)]


@contextmanager
def _namespaces(number: int) -> Iterator[list[int]]:
    """The processes that are in that many new namespaces; PermissionError if we may not."""
    if not number:
        yield []
        return
    with (
        subprocess.Popen(
            WAITS,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as process,
        _namespaces(number - 1) as others,
    ):
        assert process.stdout
        if not process.stdout.readline():
            raise PermissionError("network namespaces")
        yield [process.pid, *others]
