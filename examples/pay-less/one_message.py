"""Send one list, not a message for each of its items."""

from multiprocessing import Pipe, Process
from time import perf_counter

READINGS = list(range(5_000))


def add_up(connection):
    while (messages := connection.recv()) is not None:
        received = (connection.recv() for _ in range(messages))
        connection.send(sum(map(sum, received)))


def seconds(connection, messages):
    started = perf_counter()
    connection.send(len(messages))
    for message in messages:
        connection.send(message)
    total, passed = connection.recv(), perf_counter() - started
    print(f"{len(messages)} messages: {total} in {passed:.6f} s")
    return passed


def main():
    ours, theirs = Pipe()
    worker = Process(target=add_up, args=(theirs,))
    worker.start()
    theirs.close()  # so that recv() raises if the worker dies
    with ours:
        ours.send(0)
        ours.recv()  # the worker is there now
        each = seconds(ours, [[reading] for reading in READINGS])
        once = seconds(ours, [READINGS])
        ours.send(None)
        worker.join()
    print(f"times as long: {each / once:.3f}")


if __name__ == "__main__":
    main()
