"""Sets up each interpreter of a run; Python imports it by its name at start.

`examples/_runner.py` puts this folder on PYTHONPATH, so that the program, its
spawned children, the fork server and the resource tracker all begin alike, and
the program itself is started as the plain script that it is.
"""

import io
import os
import sys
from importlib import import_module

# A pipe or file is block-buffered, which puts lines of children before earlier
# lines of the parent. A terminal is line-buffered: so is a run. A program of the
# reader's own that is traced stays as it is.
TRACED = os.environ.get("EXAMPLE_TRACE")
OWN = TRACED and not os.environ.get("EXAMPLE_RUN")
if isinstance(sys.stdout, io.TextIOWrapper) and not OWN:
    sys.stdout.reconfigure(line_buffering=True)

START_METHOD = os.environ.get("EXAMPLE_START_METHOD")
if START_METHOD:
    from multiprocessing import context

    # The default of the platform is replaced, rather than `set_start_method`
    # called, so that a program can still call that itself.
    context._default_context._default_context = context.BaseContext().get_context(START_METHOD)

RUN = os.environ.get("EXAMPLE_RUN")
if RUN:
    from multiprocessing import process

    # Runs go on side by side, so a look at all that there is cannot tell whose
    # a semaphore or a block is. With the run in their names, it can; and two
    # runs of a program that names its block do not meet.
    process.current_process()._config["semprefix"] = f"/mp-{RUN}"  # children copy it
    try:
        import _posixshmem
    except ImportError:  # Windows: both end with their last handle
        pass
    else:
        shm_open, shm_unlink = _posixshmem.shm_open, _posixshmem.shm_unlink

        def shm_open_of_run(path: str, flags: int, mode: int = 0o777) -> int:
            """Open a block by its name in this run; note the name of a created one."""
            handle: int = shm_open(f"{path}-{RUN}", flags, mode)
            if flags & os.O_CREAT:
                with open(os.environ["EXAMPLE_BLOCK_LOG"], "a", encoding="utf-8") as log:
                    log.write(f"{path}-{RUN}\n")
            return handle

        _posixshmem.shm_open = shm_open_of_run
        _posixshmem.shm_unlink = lambda path: shm_unlink(f"{path}-{RUN}")

if os.environ.get("EXAMPLE_FAULT"):
    import_module("_fault")

if TRACED:
    import_module("_trace")
if OWN:
    from importlib.machinery import PathFinder
    from importlib.util import module_from_spec

    # What the user has set up for each interpreter comes after.
    others = [folder for folder in sys.path if folder != os.path.dirname(__file__)]
    if (spec := PathFinder.find_spec("sitecustomize", others)) and spec.loader:
        spec.loader.exec_module(module_from_spec(spec))
