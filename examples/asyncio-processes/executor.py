"""asyncio waits for work in processes without standing still."""

import asyncio
import os
import signal
import sys
from concurrent.futures import ProcessPoolExecutor as Executor
from multiprocessing import parent_process
from threading import Thread


def end_with_parent():
    parent_process().join()
    os._exit(1)


def watch_parent():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=end_with_parent, daemon=True).start()


def price(basket):
    return sum(basket)


async def main():
    loop = asyncio.get_running_loop()
    baskets = [[3, 4], [5, 6], [7]]
    with Executor(2, initializer=watch_parent) as executor:
        tasks = [
            loop.run_in_executor(executor, price, basket)
            for basket in baskets
        ]
        try:
            print(await asyncio.gather(*tasks))
        except SystemExit as error:
            sys.exit(f"a task called sys.exit({error})")
        finally:
            executor.shutdown(cancel_futures=True)


if __name__ == "__main__":
    asyncio.run(main(), debug=False)
