"""cancel_join_thread() moves the hang from join() to get()."""

from multiprocessing import Process, Queue


def download(images):
    images.cancel_join_thread()
    images.put(bytes(1_000_000))
    while images.empty():
        pass


def main():
    images = Queue()
    worker = Process(target=download, args=(images,))
    worker.start()
    worker.join()
    print("joined, exit status", worker.exitcode)
    image = images.get(timeout=1)
    print("received", len(image), "bytes")


if __name__ == "__main__":
    main()
