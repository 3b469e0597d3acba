"""What the parent sets after its first child, and what the next has."""

import os
import resource
import sys
from multiprocessing import Process, SimpleQueue
from pathlib import Path

FILES = resource.RLIMIT_NOFILE


def state():
    os.umask(mask := os.umask(0))
    return {
        "environment": os.environ.get("SHOP"),
        "umask": mask,
        "priority": os.nice(0),
        "limit of open files": resource.getrlimit(FILES),
        "current folder": os.getcwd(),
        "sys.path": sys.path[-1],
    }


def report(answers):
    answers.put(state())


def state_of_child():
    answers = SimpleQueue()
    child = Process(target=report, args=(answers,))
    child.start()
    answer = answers.get()
    child.join()
    return answer


def main():
    state_of_child()
    os.environ["SHOP"] = "north"
    os.umask(0o77)
    os.nice(1)
    resource.setrlimit(FILES, (200, 200))
    os.chdir(Path.cwd().anchor)
    sys.path.append("plugins")
    child = state_of_child()
    for name, value in state().items():
        print(f"{name}:", "arrives" if child[name] == value else "lost")


if __name__ == "__main__":
    main()
