# /// script
# dependencies = ["numpy"]
# ///

"""From which size on is shared memory faster than a message?"""

from multiprocessing import Pipe, Process, RawArray
from time import perf_counter

import numpy


def answer(connection, block):
    while (frame := connection.recv()) is not None:
        if isinstance(frame, int):
            frame = numpy.frombuffer(block, "uint8", frame)
        connection.send(int(frame[0]))


def milliseconds(connection, message):
    started = perf_counter()
    connection.send(message)
    connection.recv()
    return (perf_counter() - started) * 1000


def main():
    ours, theirs = Pipe()
    block = RawArray("B", 2**24)
    worker = Process(target=answer, args=(theirs, block))
    worker.start()
    theirs.close()  # so that recv() raises if the worker dies
    for size in 2**12, 2**16, 2**20, 2**24:
        frame = numpy.frombuffer(block, "uint8", size)
        sent = min(milliseconds(ours, frame) for _ in range(9))
        named = min(milliseconds(ours, size) for _ in range(9))
        print(f"{size} bytes sent: {sent:.6f} ms")
        print(f"{size} bytes named: {named:.6f} ms")
    ours.send(None)
    worker.join()


if __name__ == "__main__":
    main()
