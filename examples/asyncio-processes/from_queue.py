"""A coroutine takes items from a process's queue, in a thread."""

import asyncio
from multiprocessing import Process, Queue


def measure(readings):
    for reading in [20.5, 20.9, 21.4]:
        readings.put(reading)
    readings.put(None)


async def show(readings):
    while (item := await asyncio.to_thread(readings.get)) is not None:
        print("reading", item)


async def main():
    readings = Queue()
    sensor = Process(target=measure, args=(readings,))
    sensor.start()
    await show(readings)
    await asyncio.to_thread(sensor.join)


if __name__ == "__main__":
    asyncio.run(main(), debug=False)
