"""Send one list, not a message for each of its items."""

from multiprocessing import Pipe, Process
from time import perf_counter

READINGS = list(range(5_000))


def add_up(connection):
    while (messages := connection.recv()) is not None:
        total = 0
        for _ in range(messages):
            total += sum(connection.recv())
        connection.send(total)


def seconds(connection, messages):
    started = perf_counter()
    connection.send(len(messages))
    for message in messages:
        connection.send(message)
    print(f"{len(messages)} messages: total {connection.recv()}")
    return perf_counter() - started


def main():
    ours, theirs = Pipe()
    with ours, theirs:
        worker = Process(target=add_up, args=(theirs,))
        worker.start()
        each = seconds(ours, [[reading] for reading in READINGS])
        once = seconds(ours, [READINGS])
        ours.send(None)
        worker.join()
    print(f"milliseconds: {each * 1000:.3f} and {once * 1000:.3f}")
    print(f"times as long: {each / once:.3f}")


if __name__ == "__main__":
    main()
