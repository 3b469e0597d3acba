"""The start method can be set once."""

from multiprocessing import set_start_method


def main():
    set_start_method("spawn")
    set_start_method("spawn")


if __name__ == "__main__":
    main()
