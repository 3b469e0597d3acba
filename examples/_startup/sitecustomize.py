"""Sets up each interpreter of a run; Python imports it by its name at start.

`examples/_runner.py` puts this folder on PYTHONPATH, so that the program, its
spawned children, the fork server and the resource tracker all begin alike, and
the program itself is started as the plain script that it is.
"""

import os
import sys

# A pipe or file is block-buffered, which puts lines of children before earlier
# lines of the parent. A terminal is line-buffered: so is a run.
if sys.stdout is not None:
    sys.stdout.reconfigure(line_buffering=True)

START_METHOD = os.environ.get("EXAMPLE_START_METHOD")
if START_METHOD:
    from multiprocessing import context

    # The default of the platform is replaced, rather than `set_start_method`
    # called, so that a program can still call that itself.
    context._default_context._default_context = context.BaseContext().get_context(START_METHOD)

BLOCK_LOG = os.environ.get("EXAMPLE_BLOCK_LOG")
if BLOCK_LOG:
    try:
        import _posixshmem
    except ImportError:  # Windows: a block ends with its last handle
        pass
    else:
        shm_open = _posixshmem.shm_open

        def logged_shm_open(path, flags, mode=0o777):
            """Open a block of shared memory; note the name of a created one."""
            handle = shm_open(path, flags, mode)
            if flags & os.O_CREAT:
                with open(BLOCK_LOG, "a") as log:
                    log.write(f"{path}\n")
            return handle

        # Runs go on side by side, so a look into /dev/shm cannot tell whose
        # block a block is. This can, whether or not the block is tracked.
        _posixshmem.shm_open = logged_shm_open
