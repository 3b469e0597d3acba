"""The first lock, queue or process fixes the start method."""

from multiprocessing import Lock, set_start_method


def main():
    Lock()
    try:
        set_start_method("spawn")
    except RuntimeError as error:
        print("RuntimeError:", error)


if __name__ == "__main__":
    main()
