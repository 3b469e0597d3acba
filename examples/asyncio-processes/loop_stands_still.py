"""A plain get() stops every coroutine; one in a thread does not."""

import asyncio
from multiprocessing import Event, Process, SimpleQueue


def measure(asked, readings):
    asked.wait()
    readings.put(20.5)


async def ask(asked):
    asked.set()


async def main():
    asked, readings = Event(), SimpleQueue()
    sensor = Process(target=measure, args=(asked, readings))
    sensor.start()
    asking = asyncio.create_task(ask(asked))
    print("waiting for a reading")
    print("reading", readings.get())
    await asking
    sensor.join()


if __name__ == "__main__":
    asyncio.run(main(), debug=False)
