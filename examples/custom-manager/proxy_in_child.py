"""In a child, a method that gives a proxy fails; pass the proxy."""

from multiprocessing import Process, Queue
from multiprocessing.managers import BaseManager


class Shelf:
    def __init__(self):
        self._books = ["Sonnets"]

    def books(self):
        return list(self._books)


class Library:
    def __init__(self):
        self._shelf = Shelf()

    def shelf(self):
        return self._shelf


class LibraryManager(BaseManager):
    pass


LibraryManager.register("Shelf", create_method=False)
LibraryManager.register(
    "Library", Library, method_to_typeid={"shelf": "Shelf"}
)


def read(library, shelf, found):
    try:
        found.put(library.shelf().books())
    except AttributeError as error:
        found.put(f"AttributeError: {error}")
    found.put(shelf.books())


def main():
    found = Queue()
    with LibraryManager() as manager:
        library = manager.Library()
        shelf = library.shelf()
        reader = Process(target=read, args=(library, shelf, found))
        reader.start()
        print("Through the library:", found.get())
        print("Through the shelf:", found.get())
        reader.join()


if __name__ == "__main__":
    main()
