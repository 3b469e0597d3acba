"""The tracker runs before the first worker starts, so they share it."""

import os
from multiprocessing import Pool, resource_tracker
from multiprocessing.shared_memory import SharedMemory


def add_up(name):
    image = SharedMemory(name)
    try:
        return sum(image.buf[:3])
    finally:
        image.close()


def main():
    if os.name == "posix":
        resource_tracker.ensure_running()
    with Pool(1) as pool:
        image = SharedMemory("image", create=True, size=3)
        try:
            image.buf[:3] = bytes([10, 20, 30])
            print("Sum:", pool.apply(add_up, (image.name,)))
        finally:
            image.close()
            image.unlink()


if __name__ == "__main__":
    main()
