"""What else a child has of the parent, by start method."""

import decimal
import logging
import os
import sys
import textwrap
import warnings
from multiprocessing import Process, SimpleQueue
from pathlib import Path


def state():
    return {
        "sys.argv": "--fast" in sys.argv,
        "sys.path": "plugins" in sys.path,
        "current folder": Path.cwd() == Path(Path.cwd().anchor),
        "os.environ": "SHOP" in os.environ,
        "logging": logging.root.level == logging.ERROR,
        "warnings": warnings.filters[0][0] == "error",
        "decimal": decimal.getcontext().prec == 5,
        "monkeypatch": textwrap.dedent is repr,
    }


def report(answers):
    answers.put(state())


def main():
    sys.argv.append("--fast")
    sys.path.append("plugins")
    os.chdir(Path.cwd().anchor)
    os.environ["SHOP"] = "north"
    logging.root.setLevel(logging.ERROR)
    warnings.simplefilter("error")
    decimal.getcontext().prec = 5
    textwrap.dedent = repr
    assert all(state().values())
    answers = SimpleQueue()
    child = Process(target=report, args=(answers,))
    child.start()
    for name, is_there in answers.get().items():
        print(f"{name}:", "as in the parent" if is_there else "lost")
    child.join()


if __name__ == "__main__":
    main()
