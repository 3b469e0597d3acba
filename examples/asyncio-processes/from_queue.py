"""A coroutine takes items from a process's queue, in a thread."""

import asyncio
import os
import signal
import sys
from multiprocessing import Process, Queue, parent_process
from queue import Empty
from threading import Thread


def end_with_parent():
    parent_process().join()
    os._exit(1)


def measure(readings):
    Thread(target=end_with_parent, daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for reading in [20.5, 20.9, 21.4]:
        readings.put(reading)
    readings.put(None)


async def next_item(readings, sensor):
    while True:
        alive = sensor.is_alive()
        try:
            return await asyncio.to_thread(readings.get, timeout=1)
        except Empty:
            if not alive:
                raise EOFError(f"exit code {sensor.exitcode}") from None


async def main():
    readings = Queue()
    sensor = Process(target=measure, args=(readings,), daemon=True)
    sensor.start()
    while (item := await next_item(readings, sensor)) is not None:
        print("reading", item)
    await asyncio.to_thread(sensor.join)
    if sensor.exitcode:
        sys.exit(f"{sensor.name}: exit code {sensor.exitcode}")


if __name__ == "__main__":
    asyncio.run(main(), debug=False)
