# /// script
# dependencies = ["pytest"]
# ///
"""A child has to import the function from the file of the test."""

from multiprocessing import Process

from _run import run


def work():
    print("works")


def test_child():
    child = Process(target=work)
    child.start()
    child.join()
    assert child.exitcode == 0


def main():
    for options in [
        ["--import-mode=importlib"],
        ["--import-mode=importlib", "-o", "pythonpath=."],
    ]:
        lines = run(__file__, *options)
        print(*options)
        for line in lines:
            if line.startswith("ModuleNotFoundError"):
                print(line.partition(".")[0])
        print(lines[-1])


if __name__ == "__main__":
    main()
