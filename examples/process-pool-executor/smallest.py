"""Two workers resize pictures, and the results come in order."""

from concurrent.futures import ProcessPoolExecutor


def shrink(width):
    return width // 2


def main():
    with ProcessPoolExecutor(max_workers=2) as executor:
        print(list(executor.map(shrink, [640, 800, 1024])))


if __name__ == "__main__":
    main()
