"""Hosts of a network of their own, for checks: a network namespace each."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from itertools import count

_number = count()


class Host:
    """A network namespace with an address, on a bridge with the others."""

    def __init__(self, name: str, link: str) -> None:
        self.name, self.link = name, link

    def line(self, *command: str) -> list[str]:
        """The command line that runs a command on this host."""
        return ["ip", "netns", "exec", self.name, *command]

    def set_link(self, state: str) -> None:
        """Cut the cable to this host with `down`, and repair it with `up`."""
        _ip("link", "set", self.link, state)


@cache
def possible() -> bool:
    """Whether this system lets us make hosts: it has `ip`, and permits namespaces and links."""
    if shutil.which("ip") is None:
        return False
    with suppress(subprocess.CalledProcessError), hosts("10.0.0.1") as made:
        return subprocess.run(made[0].line("true"), check=False).returncode == 0
    return False


@contextmanager
def hosts(*addresses: str) -> Iterator[list[Host]]:
    """A host for each address, and all that was made for them removed at the end."""
    mark = f"{os.getpid()}x{next(_number)}"
    bridge = f"b{mark}"
    with ExitStack() as undo:
        _ip("link", "add", bridge, "type", "bridge")
        undo.callback(_ip, "link", "del", bridge)
        _ip("link", "set", bridge, "up")
        made = []
        for number, address in enumerate(addresses):
            host = Host(f"h{mark}-{number}", f"v{mark}-{number}")
            _ip("netns", "add", host.name)
            undo.callback(_ip, "netns", "del", host.name)
            peer = ["type", "veth", "peer", "name", "eth0", "netns", host.name]
            _ip("link", "add", host.link, *peer)
            _ip("link", "set", host.link, "master", bridge, "up")
            _ip("-n", host.name, "address", "add", f"{address}/24", "dev", "eth0")
            for device in "lo", "eth0":
                _ip("-n", host.name, "link", "set", device, "up")
            made.append(host)
        yield made


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, stderr=subprocess.DEVNULL)
