"""An executor raises the error of a lambda from result()."""

from concurrent.futures import ProcessPoolExecutor


def main():
    with ProcessPoolExecutor(2) as executor:
        doubled = executor.submit(lambda price: price * 2, 3)
        print("submit() has returned")
        try:
            print(doubled.result())
        except Exception as error:
            print(f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    main()
