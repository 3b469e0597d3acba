"""A worker of a Pool is daemonic: it cannot start processes."""

from multiprocessing import Pool, Process


def resize(photo):
    print("Resized", photo)


def resize_album(photos):
    resizers = [Process(target=resize, args=(p,)) for p in photos]
    for resizer in resizers:
        resizer.start()
    for resizer in resizers:
        resizer.join()


def main():
    albums = [["cat.jpg", "dog.jpg"], ["sea.jpg"]]
    with Pool(2) as pool:
        try:
            pool.map(resize_album, albums)
        except AssertionError as error:
            print("AssertionError:", error)


if __name__ == "__main__":
    main()
