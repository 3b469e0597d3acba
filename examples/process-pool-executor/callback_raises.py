"""An error in a done callback is logged, and raised nowhere."""

from concurrent.futures import ProcessPoolExecutor


def square(number):
    return number * number


def report(future):
    raise KeyError(future.result())


def main():
    with ProcessPoolExecutor(1) as executor:
        future = executor.submit(square, 3)
        future.add_done_callback(report)
    print("Result:", future.result())


if __name__ == "__main__":
    main()
