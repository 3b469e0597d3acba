"""A process that is not daemonic can start processes."""

from multiprocessing import Process


def resize(photo):
    print("Resized", photo)


def download(photo):
    resizer = Process(target=resize, args=(photo,))
    resizer.start()
    resizer.join()


def main():
    downloader = Process(target=download, args=("cat.jpg",))
    downloader.start()
    downloader.join()


if __name__ == "__main__":
    main()
