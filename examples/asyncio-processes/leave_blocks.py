"""Leaving the with block of an executor stops every coroutine."""

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
    with ProcessPoolExecutor(
        1, initializer=share, initargs=(door,)
    ) as executor:
        guest = loop.run_in_executor(executor, enter)
        porter = asyncio.create_task(unlock(door))
        print("leaving the with block")
    print(await guest)
    await porter


if __name__ == "__main__":
    asyncio.run(main(), debug=False)
