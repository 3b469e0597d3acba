"""A method that gives a proxy of an object, instead of a copy."""

from multiprocessing.managers import BaseManager


class Shelf:
    def __init__(self):
        self._books = []

    def put(self, book):
        self._books.append(book)

    def books(self):
        return list(self._books)


class Library:
    def __init__(self):
        self._shelves = {"poetry": Shelf(), "travel": Shelf()}

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
        library.shelf("poetry").put("Sonnets")
        print(library.shelf("poetry").books())
        print(library.shelf("travel").books())


if __name__ == "__main__":
    main()
