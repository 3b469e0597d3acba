"""map(buffersize=) reads its input as far as it is needed (3.14)."""

import sys
from concurrent.futures import ProcessPoolExecutor


def numbers(taken):
    for number in range(100):
        taken.append(number)
        yield number


def main():
    limits = [{}]
    if sys.version_info >= (3, 14):
        limits.append({"buffersize": 4})
    with ProcessPoolExecutor(max_workers=2) as executor:
        for limit in limits:
            taken = []
            results = executor.map(abs, numbers(taken), **limit)
            print(limit or "No limit:", "has read", len(taken), "items")
            print("Sum of all:", sum(results))


if __name__ == "__main__":
    main()
