"""A worker of an executor can make an executor of its own."""

from concurrent.futures import ProcessPoolExecutor


def resize(photo):
    return f"{photo} resized"


def resize_album(photos):
    with ProcessPoolExecutor(2) as executor:
        return list(executor.map(resize, photos))


def main():
    with ProcessPoolExecutor(1) as executor:
        resized = executor.submit(resize_album, ["cat.jpg", "dog.jpg"])
        print(resized.result())


if __name__ == "__main__":
    main()
