"""A thread acquires the lock, uses it, and releases it."""

import asyncio
import sys
from multiprocessing import Process, Value


def sell(tickets):
    with tickets.get_lock():
        tickets.value -= 1


async def main():
    tickets = Value("i", 10)
    seller = Process(target=sell, args=(tickets,))
    seller.start()
    await asyncio.to_thread(sell, tickets)
    await asyncio.to_thread(seller.join)
    if seller.exitcode:
        sys.exit(f"{seller.name}: exit code {seller.exitcode}")
    print("tickets left:", tickets.value)


if __name__ == "__main__":
    asyncio.run(main(), debug=False)
