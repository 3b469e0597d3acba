"""A note on the exception says which task it was."""

from multiprocessing import Pool


def read_price(line, text):
    try:
        return int(text)
    except ValueError as error:
        error.add_note(f"in line {line}")
        raise


def main():
    with Pool(2) as pool:
        tasks = [
            pool.apply_async(read_price, task)
            for task in enumerate(["4", "free", "5"], start=1)
        ]
        for task in tasks:
            try:
                print(task.get())
            except ValueError as error:
                print(error, *error.__notes__)


if __name__ == "__main__":
    main()
