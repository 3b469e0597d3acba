"""A method that gives a proxy of an object, instead of a copy."""

from multiprocessing.managers import BaseManager


class Library:
    def __init__(self):
        self._shelves = {"poetry": [], "travel": []}

    def shelf(self, name):
        return self._shelves[name]


class LibraryManager(BaseManager):
    pass


LibraryManager.register("Shelf", create_method=False)
LibraryManager.register(
    "Library", Library, method_to_typeid={"shelf": "Shelf"}
)


def main():
    with LibraryManager() as manager:
        library = manager.Library()
        library.shelf("poetry").append("Sonnets")
        print(library.shelf("poetry").copy())
        print(library.shelf("travel").copy())


if __name__ == "__main__":
    main()
