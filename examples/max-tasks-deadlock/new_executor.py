"""A new executor for each batch replaces the workers too."""

from concurrent.futures import ProcessPoolExecutor


def resize(photo):
    return photo * 100


def main():
    photos, sizes = range(10), []
    for start in range(0, len(photos), 5):
        with ProcessPoolExecutor(1) as executor:
            sizes += executor.map(resize, photos[start : start + 5])
    print("sum", sum(sizes))


if __name__ == "__main__":
    main()
