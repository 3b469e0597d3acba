"""The path of a socket may be about 100 characters long."""

from multiprocessing.connection import Listener


def main():
    folder = "/tmp/" + "project-" * 13
    try:
        Listener(f"{folder}/shop")
    except OSError as error:
        print("OSError:", error)


if __name__ == "__main__":
    main()
