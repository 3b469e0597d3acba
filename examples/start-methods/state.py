"""What is sent to each child, under every start method."""

import os
import sys
from multiprocessing import Process, SimpleQueue
from pathlib import Path


def state():
    return {
        "sys.argv": "--fast" in sys.argv,
        "sys.path": "plugins" in sys.path,
        "current folder": Path.cwd() == Path(Path.cwd().anchor),
        "os.environ": "SHOP" in os.environ,
    }


def report(answers):
    answers.put(state())


def main():
    sys.argv.append("--fast")
    sys.path.append("plugins")
    os.chdir(Path.cwd().anchor)
    os.environ["SHOP"] = "north"
    answers = SimpleQueue()
    child = Process(target=report, args=(answers,))
    child.start()
    for name, is_there in answers.get().items():
        print(f"{name}:", "as in the parent" if is_there else "lost")
    child.join()


if __name__ == "__main__":
    main()
