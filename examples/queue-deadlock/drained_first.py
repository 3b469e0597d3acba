"""The queue is drained first, then join() returns."""

from multiprocessing import Process, Queue


def take_picture(pictures):
    pictures.put(bytes(1_000_000))


def main():
    pictures = Queue()
    camera = Process(target=take_picture, args=(pictures,))
    camera.start()
    print("Received", len(pictures.get()), "bytes")
    print("Waiting for the camera to end")
    camera.join()


if __name__ == "__main__":
    main()
