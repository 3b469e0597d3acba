"""A block bigger than all of /dev/shm is made without an error."""

from multiprocessing.shared_memory import SharedMemory
from shutil import disk_usage


def main():
    too_much = 2 * disk_usage("/dev/shm").total
    frames = SharedMemory(create=True, size=too_much)
    print("Created:", frames.size == too_much)
    frames.close()
    frames.unlink()


if __name__ == "__main__":
    main()
