"""A worker asks the user, and reads nothing."""

import io
import sys
from multiprocessing import Process


def greet():
    name = input("Your name? ")
    print("Hello", name)


def main():
    sys.stdin = io.StringIO("Ada\n")  # what the user types
    greeter = Process(target=greet)
    greeter.start()
    greeter.join()
    print("Exit code:", greeter.exitcode)


if __name__ == "__main__":
    main()
