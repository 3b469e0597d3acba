"""A block cannot be closed while a slice of it is in use."""

from multiprocessing.shared_memory import SharedMemory


def main():
    image = SharedMemory(create=True, size=8)
    try:
        row = image.buf[2:6]
        row[:] = b"####"
        print(bytes(image.buf[:8]))
        try:
            image.close()
        except BufferError as error:
            print("BufferError:", error)
        row.release()
    finally:
        image.close()
        image.unlink()


if __name__ == "__main__":
    main()
