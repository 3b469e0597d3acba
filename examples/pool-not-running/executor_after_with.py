"""An executor takes no tasks after its with block."""

from concurrent.futures import ProcessPoolExecutor


def main():
    with ProcessPoolExecutor(max_workers=2) as executor:
        print(list(executor.map(abs, [-1, -2, -3])))
    print(list(executor.map(abs, [-4, -5, -6])))


if __name__ == "__main__":
    main()
