"""A preloaded module is there before the child's work begins."""

import sys
from multiprocessing import get_context


def report(answers):
    answers.put("statistics" in sys.modules)


def main():
    for method in ["forkserver", "spawn"]:
        ctx = get_context(method)
        ctx.set_forkserver_preload(["__main__", "statistics"])
        answers = ctx.SimpleQueue()
        child = ctx.Process(target=report, args=(answers,))
        child.start()
        print(f"{method}: statistics is imported:", answers.get())
        child.join()


if __name__ == "__main__":
    main()
