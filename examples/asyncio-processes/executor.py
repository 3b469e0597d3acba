"""asyncio waits for work in processes without standing still."""

import asyncio
from concurrent.futures import ProcessPoolExecutor


def price(basket):
    return sum(basket)


async def main():
    loop = asyncio.get_running_loop()
    baskets = [[3, 4], [5, 6], [7]]
    with ProcessPoolExecutor(2) as executor:
        tasks = [
            loop.run_in_executor(executor, price, basket)
            for basket in baskets
        ]
        print(await asyncio.gather(*tasks))


if __name__ == "__main__":
    asyncio.run(main(), debug=False)
