"""A worker is terminated inside put(): get() waits for the rest."""

from multiprocessing import Process, Queue


def take_picture(pictures):
    pictures.put(bytes(1_000_000))


def main():
    pictures = Queue()
    camera = Process(target=take_picture, args=(pictures,))
    camera.start()
    while pictures.empty():
        camera.join(timeout=0.01)
    camera.terminate()
    camera.join()
    print("The camera has ended, reading within 1 s")
    print(len(pictures.get(timeout=1)), "bytes")


if __name__ == "__main__":
    main()
