"""A copy that is taken in the with block stays."""

from multiprocessing import Manager


def main():
    with Manager() as manager:
        votes = manager.dict(yes=3, no=1)
        result = votes.copy()
    print(result["yes"])


if __name__ == "__main__":
    main()
