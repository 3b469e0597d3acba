"""A name that is taken, and a name that nobody has, raise an error."""

from multiprocessing.shared_memory import SharedMemory

NAME = "com.example.weather"


def main():
    first = SharedMemory(NAME, create=True, size=100)
    try:
        print("Created:", first.name)
        try:
            SharedMemory(NAME, create=True, size=100)
        except FileExistsError as error:
            print("FileExistsError:", error.strerror)
        second = SharedMemory(NAME)
        first.buf[:3] = b"sun"
        print("Attached:", bytes(second.buf[:3]))
        second.close()
    finally:
        first.close()
        first.unlink()
    try:
        SharedMemory(NAME)
    except FileNotFoundError as error:
        print("FileNotFoundError:", error.strerror)


if __name__ == "__main__":
    main()
