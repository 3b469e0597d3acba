"""The parent asks for the inner proxy, and passes it to the child."""

from multiprocessing import Pool
from multiprocessing.managers import BaseManager


class Library:
    def __init__(self):
        self._shelf = ["Sonnets"]

    def shelf(self):
        return self._shelf


class LibraryManager(BaseManager):
    pass


LibraryManager.register("Shelf", create_method=False)
LibraryManager.register(
    "Library", Library, method_to_typeid={"shelf": "Shelf"}
)


def read(shelf):
    return shelf.copy()


def main():
    with LibraryManager() as manager, Pool(1) as pool:
        shelf = manager.Library().shelf()
        print(pool.apply(read, (shelf,)))


if __name__ == "__main__":
    main()
