# /// script
# dependencies = ["pytest", "pytest-xdist"]
# ///
"""A test that waits forever is ended, and the others go on."""

from multiprocessing import Process, Queue

from _run import run


def empty_handed(queue):
    pass


def test_hangs():
    queue = Queue()
    child = Process(target=empty_handed, args=(queue,))
    child.start()
    child.join()
    queue.get()


def test_after():
    pass


def main():
    lines = run(
        *[__file__, "-p", "xdist", "-n", "1"],
        *["-o", "faulthandler_timeout=2"],
        *["-o", "faulthandler_exit_on_timeout=true"],
    )
    for line in lines:
        if line.startswith(("Timeout", "worker")):
            print(line)
        elif 'hangs.py", line' in line:
            print("in", line.rpartition(" in ")[2])
    print(lines[-1])


if __name__ == "__main__":
    main()
