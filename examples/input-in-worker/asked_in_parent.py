"""The parent asks the user, and passes the answer on."""

import io
import sys
from multiprocessing import Process


def greet(name):
    print("Hello", name)


def main():
    sys.stdin = io.StringIO("Ada\n")  # what the user types
    name = input("Your name? ")
    greeter = Process(target=greet, args=(name,))
    greeter.start()
    greeter.join()
    print("Exit code:", greeter.exitcode)


if __name__ == "__main__":
    main()
