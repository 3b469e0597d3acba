"""An environment variable that is set after the first child."""

import os
from multiprocessing import get_all_start_methods, get_context


def report(answers):
    answers.put(os.environ.get("SHOP", "not set"))


def ask(ctx):
    answers = ctx.SimpleQueue()
    child = ctx.Process(target=report, args=(answers,))
    child.start()
    child.join()
    return answers.get()


def main():
    for method in sorted(get_all_start_methods()):
        ctx = get_context(method)
        os.environ.pop("SHOP", None)
        first = ask(ctx)
        os.environ["SHOP"] = "north"
        print(f"{method}: first {first}, then {ask(ctx)}")


if __name__ == "__main__":
    main()
