"""An executor waits for its tasks, and then takes no more."""

from concurrent.futures import ProcessPoolExecutor


def total(order):
    return sum(order)


def main():
    with ProcessPoolExecutor(2) as executor:
        future = executor.submit(total, [3, 4])
    print("result:", future.result())
    try:
        executor.submit(total, [5, 6])
    except RuntimeError as error:
        print("RuntimeError:", error)


if __name__ == "__main__":
    main()
