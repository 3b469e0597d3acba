"""A slice in a with block is released in time."""

from multiprocessing.shared_memory import SharedMemory


def main():
    image = SharedMemory(create=True, size=8)
    try:
        with image.buf[2:6] as row:
            row[:] = b"####"
        print(bytes(image.buf[:8]))
    finally:
        image.close()
        image.unlink()


if __name__ == "__main__":
    main()
