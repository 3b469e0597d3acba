"""An error before unlink() leaks the block as well."""

from multiprocessing.shared_memory import SharedMemory


def main():
    picture = SharedMemory("picture", create=True, size=5)
    picture.buf[:5] = b"image"
    number = int(bytes(picture.buf[:5]))
    print("Received", number)
    picture.close()
    picture.unlink()


if __name__ == "__main__":
    main()
