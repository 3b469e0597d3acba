"""A manager at a port has ended: the connection is refused."""

from multiprocessing.managers import SyncManager


def main():
    with SyncManager(address=("127.0.0.1", 0)) as manager:
        ratings = manager.dict(Alien=5)
    try:
        print("Proxy:", ratings["Alien"])
    except ConnectionError as error:
        print("Error:", type(error).__name__)


if __name__ == "__main__":
    main()
