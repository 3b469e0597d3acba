"""A forked child reads from a file, and the parent's position moves."""

import os
from multiprocessing import get_context


def first_word(file):
    print("child reads:", file.read(5).decode(), flush=True)


def main():
    with open("words", "wb") as file:
        file.write(b"north south")
    with open("words", "rb", buffering=0) as file:
        fork = get_context("fork")
        child = fork.Process(target=first_word, args=[file])
        child.start()
        child.join()
        print("the parent's position:", file.tell())
    os.unlink("words")


if __name__ == "__main__":
    main()
