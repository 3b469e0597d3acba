"""shutdown() in a thread lets the coroutines go on."""

import asyncio
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Event


def share(the_door):
    global door
    door = the_door


def enter():
    door.wait()
    return "inside"


async def unlock(door):
    door.set()


async def main():
    door = Event()
    loop = asyncio.get_running_loop()
    executor = ProcessPoolExecutor(
        1, initializer=share, initargs=(door,)
    )
    try:
        guest = loop.run_in_executor(executor, enter)
        porter = asyncio.create_task(unlock(door))
        print("leaving the try block")
    finally:
        await asyncio.to_thread(executor.shutdown)
    print(await guest)
    await porter


if __name__ == "__main__":
    asyncio.run(main(), debug=False)
