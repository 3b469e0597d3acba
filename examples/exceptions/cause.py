"""The traceback in the worker is the cause of the exception."""

from concurrent.futures import ProcessPoolExecutor


def read_price(text):
    return int(text)


def main():
    with ProcessPoolExecutor(1) as executor:
        task = executor.submit(read_price, "free")
        try:
            task.result()
        except ValueError as error:
            print("Error:", error)
            print("Cause:", type(error.__cause__))
            print(error.__cause__)


if __name__ == "__main__":
    main()
