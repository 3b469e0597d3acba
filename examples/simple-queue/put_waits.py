"""put() itself waits while the pipe is full; no thread does it."""

from multiprocessing import Event, Process, SimpleQueue


def take_picture(pictures, returned):
    pictures.put(bytes(1_000_000))
    returned.set()


def main():
    pictures, returned = SimpleQueue(), Event()
    camera = Process(target=take_picture, args=(pictures, returned))
    camera.start()
    print("put() has returned:", returned.wait(timeout=1))
    print("Received", len(pictures.get()), "bytes")
    camera.join()
    print("put() has returned:", returned.is_set())
    pictures.close()


if __name__ == "__main__":
    main()
