"""A time limit ends the waiting, and the worker goes on working."""

import asyncio
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Event


def share(the_paper, the_printed):
    global paper, printed
    paper, printed = the_paper, the_printed


def print_invoice():
    paper.wait()
    printed.set()


async def main():
    paper, printed = Event(), Event()
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor(
        1, initializer=share, initargs=(paper, printed)
    ) as executor:
        try:
            async with asyncio.timeout(0.5):
                await loop.run_in_executor(executor, print_invoice)
        except TimeoutError:
            print("No invoice after 0.5 s")
        paper.set()
    print("Printed all the same:", printed.is_set())


if __name__ == "__main__":
    asyncio.run(main(), debug=False)
