"""Catch the error of each task, and keep the results of the others."""

from concurrent.futures import ProcessPoolExecutor


def read_price(text):
    return int(text)


def main():
    prices = ["4", "free", "5"]
    with ProcessPoolExecutor(2) as executor:
        tasks = {
            text: executor.submit(read_price, text) for text in prices
        }
        for text, task in tasks.items():
            try:
                print(text, "->", task.result())
            except ValueError as error:
                print(text, "->", type(error).__name__)


if __name__ == "__main__":
    main()
