"""The program itself has put an item that no process reads."""

from multiprocessing import Queue


def main():
    pages = Queue()
    pages.put(bytes(1_000_000))
    print("This is the last line of main()")


if __name__ == "__main__":
    main()
