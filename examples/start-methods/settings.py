"""What a child has of the parent's settings only under fork."""

import decimal
import logging
import textwrap
import warnings
from multiprocessing import Process, SimpleQueue


def settings():
    return {
        "logging": logging.root.level == logging.ERROR,
        "warnings": warnings.filters[0][0] == "error",
        "decimal": decimal.getcontext().prec == 5,
        "monkeypatch": textwrap.dedent is repr,
    }


def report(answers):
    answers.put(settings())


def main():
    logging.root.setLevel(logging.ERROR)
    warnings.simplefilter("error")
    decimal.getcontext().prec = 5
    textwrap.dedent = repr
    answers = SimpleQueue()
    child = Process(target=report, args=(answers,))
    child.start()
    for name, is_there in answers.get().items():
        print(f"{name}:", "as in the parent" if is_there else "lost")
    child.join()


if __name__ == "__main__":
    main()
