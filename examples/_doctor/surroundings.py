"""Items about what is around the system: a container, Windows."""

from collections.abc import Iterator
from pathlib import PurePath

from examples._doctor.machine import Line, Machine

FILES = "/.dockerenv", "/run/.containerenv", "/run/systemd/container"
VARIABLES = "KUBERNETES_SERVICE_HOST", "AWS_LAMBDA_FUNCTION_NAME", "container"
CGROUPS = "docker", "kubepods", "containerd", "libpod", "lxc"
PAGE = "frameworks/containers.md"


def container(machine: Machine) -> Iterator[Line]:
    """Whether this is a container, and how that is known."""
    if machine.system != "Linux":
        return
    signs = [f"there is {name}" for name in FILES if machine.path(name).exists()]
    signs += [f"{name} is set" for name in VARIABLES if name in machine.environment]
    first = machine.read("/proc/1/cgroup")
    signs += [f"the cgroup of process 1 has {name}" for name in CGROUPS if f"/{name}" in first]
    if not signs:
        means = "There are containers that show none of the known signs"
        yield Line("Container", "none was noticed", means, f"{PAGE}#why")
    elif PurePath(machine.read("/proc/1/cmdline").partition("\0")[0]).name.startswith("python"):
        means = "Python is process 1: it ignores SIGTERM without a handler, and leaves zombies"
        do = "Start the container with `docker run --init`"
        found = f"yes: {signs[0]}"
        yield Line("Container", found, means, f"{PAGE}#pid-1-signals-and-zombies", do)
    else:
        means = "It has a /dev/shm and limits of its own, which Python does not all see"
        yield Line("Container", f"yes: {signs[0]}", means, f"{PAGE}#why")


def windows_subsystem(machine: Machine) -> Iterator[Line]:
    """Whether Linux runs in Windows."""
    kernel = machine.read("/proc/sys/kernel/osrelease").strip()
    if machine.system == "Linux" and "microsoft" in kernel.lower():
        means = "WSL 2 has a Linux kernel; WSL 1 has none, and early releases had no /dev/shm"
        yield Line("WSL", f"yes: the kernel is {kernel}", means, f"{PAGE}#wsl")
