"""A daemonic process cannot start a process."""

from multiprocessing import Process


def resize(photo):
    print("Resized", photo)


def download(photo):
    resizer = Process(target=resize, args=(photo,))
    resizer.start()
    resizer.join()


def main():
    downloader = Process(
        target=download, args=("cat.jpg",), daemon=True
    )
    downloader.start()
    downloader.join()


if __name__ == "__main__":
    main()
