# /// script
# [tool.examples]
# commands = ["unshare"]
# ///
"""As many workers as the container may use processors."""

import math
import os
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from _container import QUOTA, enter


def processors():
    usable = len(os.sched_getaffinity(0))
    try:
        limit = Path("/sys/fs/cgroup/cpu.max").read_text()
    except OSError:
        return usable
    quota, period = limit.split()
    if quota == "max":
        return usable
    return min(usable, math.ceil(int(quota) / int(period)))


def main():
    enter(QUOTA)
    workers = processors()
    print("Workers:", workers)
    with ProcessPoolExecutor(max_workers=workers) as executor:
        print(list(executor.map(abs, [-1, -2])))


if __name__ == "__main__":
    main()
