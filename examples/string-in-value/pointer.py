"""A text in Value(c_char_p): what is shared is an address."""

from ctypes import c_char_p
from multiprocessing import Process, Value


def take_photos(status):
    status.value = b"3 photos taken"


def main():
    status = Value(c_char_p, b"")
    camera = Process(target=take_photos, args=(status,))
    camera.start()
    camera.join()
    shared = bytes(status.get_obj())
    print("Bytes shared:", len(shared))
    print("Text in them:", b"3 photos taken" in shared)


if __name__ == "__main__":
    main()
