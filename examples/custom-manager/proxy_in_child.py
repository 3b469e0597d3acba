"""In a child, a method that gives a proxy fails."""

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


def read(library):
    return library.shelf().copy()


def main():
    with LibraryManager() as manager, Pool(1) as pool:
        library = manager.Library()
        try:
            print(pool.apply(read, (library,)))
        except AttributeError as error:
            print("AttributeError:", error)


if __name__ == "__main__":
    main()
