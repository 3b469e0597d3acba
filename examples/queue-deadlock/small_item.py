"""With a small item the same order of calls works, by luck."""

from multiprocessing import Process, Queue


def take_picture(pictures):
    pictures.put(bytes(1_000))


def main():
    pictures = Queue()
    camera = Process(target=take_picture, args=(pictures,))
    camera.start()
    print("Waiting for the camera to end")
    camera.join()
    print("Received", len(pictures.get()), "bytes")


if __name__ == "__main__":
    main()
