"""The executor gets its tasks before the program ends."""

from concurrent.futures import ProcessPoolExecutor


def measure(executor):
    print("Distance:", executor.submit(abs, -3).result())


def main():
    with ProcessPoolExecutor(max_workers=1) as executor:
        measure(executor)
    print("main() ends")


if __name__ == "__main__":
    main()
