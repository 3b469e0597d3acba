"""What import multiprocessing leaves out: the module shared_memory."""

import multiprocessing


def main():
    try:
        multiprocessing.shared_memory.SharedMemory(create=True, size=8)
    except AttributeError as error:
        print("AttributeError:", error)


if __name__ == "__main__":
    main()
