"""A Lock of multiprocessing keeps the second worker out."""

from multiprocessing import Lock, Pipe, Process


def work(till, line):
    with till:
        line.send("in the block")
        line.recv()


def try_it(till, line):
    line.send("in" if till.acquire(block=False) else "kept out")


def main():
    till = Lock()
    to_first, first_end = Pipe()
    to_second, second_end = Pipe()
    first = Process(target=work, args=(till, first_end))
    second = Process(target=try_it, args=(till, second_end))
    first.start()
    print("First worker:", to_first.recv())
    second.start()
    print("Second worker:", to_second.recv())
    to_first.send("leave it")
    first.join()
    second.join()


if __name__ == "__main__":
    main()
