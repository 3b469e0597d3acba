"""A copy outlives the manager; a proxy does not."""

from multiprocessing import Manager


def main():
    with Manager() as manager:
        ratings = manager.dict(Alien=5)
        copied = ratings.copy()
    print("Copy:", copied["Alien"])
    try:
        print("Proxy:", ratings["Alien"])
    except BrokenPipeError as error:
        print("BrokenPipeError:", error)


if __name__ == "__main__":
    main()
