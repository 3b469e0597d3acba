"""A coroutine takes items from a process's queue, in a thread."""

import asyncio
from multiprocessing import Process, Queue
from queue import Empty


def measure(readings):
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
                raise EOFError("the sensor died") from None


async def main():
    readings = Queue()
    sensor = Process(target=measure, args=(readings,))
    sensor.start()
    while (item := await next_item(readings, sensor)) is not None:
        print("reading", item)
    await asyncio.to_thread(sensor.join)


if __name__ == "__main__":
    asyncio.run(main(), debug=False)
