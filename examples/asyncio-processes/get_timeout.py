"""The timeout belongs to get(), so that its thread ends too."""

import asyncio
from multiprocessing import Event, Process, Queue
from queue import Empty


def measure(readings, asked):
    asked.wait()
    readings.put(20.5)


async def main():
    readings, asked = Queue(), Event()
    sensor = Process(target=measure, args=(readings, asked))
    sensor.start()
    try:
        print(await asyncio.to_thread(readings.get, timeout=0.5))
    except Empty:
        print("no reading yet")
    asked.set()
    print("reading", await asyncio.to_thread(readings.get))
    await asyncio.to_thread(sensor.join)


if __name__ == "__main__":
    asyncio.run(main(), debug=False)
