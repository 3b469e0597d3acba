"""A text in Array("c", 20): what is shared is the text."""

from multiprocessing import Array, Process


def take_photos(status):
    status.value = b"3 photos taken"


def main():
    status = Array("c", 20)
    camera = Process(target=take_photos, args=(status,))
    camera.start()
    camera.join()
    shared = bytes(status.get_obj())
    print("Bytes shared:", len(shared))
    print("Text in them:", b"3 photos taken" in shared)
    print(status.value.decode())


if __name__ == "__main__":
    main()
