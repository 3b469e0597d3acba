"""A thread raises an exception, and the program ends with status 0."""

from threading import Thread


def resize(photo):
    if photo == "b.jpg":
        raise OSError("disk full")


def main():
    workers = [
        Thread(target=resize, args=(photo,))
        for photo in ("a.jpg", "b.jpg")
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print("All threads have ended.")


if __name__ == "__main__":
    main()
