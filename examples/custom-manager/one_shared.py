"""A function that gives the same object each time: one for all."""

from functools import cache
from multiprocessing.managers import BaseManager


class Settings:
    def __init__(self):
        self._values = {}

    def set(self, name, value):
        self._values[name] = value

    def get(self, name):
        return self._values.get(name)


@cache
def the_settings():
    return Settings()


class AppManager(BaseManager):
    pass


AppManager.register("Settings", Settings)
AppManager.register("the_settings", the_settings)


def main():
    with AppManager() as manager:
        manager.Settings().set("color", "red")
        print("A new one each time:", manager.Settings().get("color"))
        manager.the_settings().set("color", "red")
        print("One for all:", manager.the_settings().get("color"))


if __name__ == "__main__":
    main()
