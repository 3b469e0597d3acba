"""The buf of a block that was closed is None."""

from multiprocessing.shared_memory import SharedMemory


def main():
    image = SharedMemory(create=True, size=8)
    image.close()
    try:
        print(image.buf[0])
    except TypeError as error:
        print("TypeError:", error)
    finally:
        image.unlink()


if __name__ == "__main__":
    main()
