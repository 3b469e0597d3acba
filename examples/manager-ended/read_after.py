"""The parent reads the dict after the manager has ended."""

from multiprocessing import Manager


def main():
    with Manager() as manager:
        votes = manager.dict(yes=3, no=1)
    print(votes["yes"])


if __name__ == "__main__":
    main()
