"""Start a process, a pool, a manager: each as it is measured."""

import os
import shutil
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import (
    Manager,
    Pool,
    get_all_start_methods,
    get_context,
)

from _case import CannotMeasure, Group

GROUP = Group("starts")


def repeat(start_and_end):
    """Do it so many times; the outcome is that of the last."""
    outcome = []

    def run(loops):
        for _ in range(loops):
            outcome[:] = [start_and_end()]

    return run, lambda: outcome[0]


@GROUP.case("os.posix_spawn of an empty program", baseline=True)
def posix_spawn():
    program = shutil.which("true")
    if not hasattr(os, "posix_spawn") or program is None:
        raise CannotMeasure("no posix_spawn or no `true` here")

    def start_and_end():
        pid = os.posix_spawn(program, [program], os.environ)
        return f"exit status {os.waitpid(pid, 0)[1]}"

    yield repeat(start_and_end)


def of_method(method):
    """Start a process by a start method, and wait for its end.

    What it runs is built in, so that it need not import this file.
    """
    if method not in get_all_start_methods():
        raise CannotMeasure(f"no start method {method} here")
    context = get_context(method)

    def start_and_end():
        process = context.Process(target=abs, args=(-1,))
        process.start()
        process.join()
        return f"exit status {process.exitcode}"

    return repeat(start_and_end)


@GROUP.case("Process, fork")
def forked():
    yield of_method("fork")


@GROUP.case("Process, forkserver")
def fork_server():
    yield of_method("forkserver")


@GROUP.case("Process, spawn")
def spawned():
    yield of_method("spawn")


@GROUP.case("Manager()")
def manager():
    def start_and_end():
        with Manager() as manager:
            return f"a {manager.dict()} of its own"

    yield repeat(start_and_end)


@GROUP.case("Pool(2) and one task")
def pool():
    def start_and_end():
        with Pool(2) as pool:
            result = pool.apply(abs, [-1])
            pool.close()
            pool.join()
            return f"result {result}"

    yield repeat(start_and_end)


@GROUP.case("ProcessPoolExecutor(2) and one task")
def executor():
    def start_and_end():
        with ProcessPoolExecutor(2) as executor:
            return f"result {executor.submit(abs, -1).result()}"

    yield repeat(start_and_end)


if __name__ == "__main__":
    GROUP.show()
