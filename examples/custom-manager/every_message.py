"""What a manager says to a wrong method, result or registration."""

from multiprocessing.managers import BaseManager, RemoteError
from threading import Lock


class Shop:
    def door(self):
        return Lock()


class ShopManager(BaseManager):
    pass


ShopManager.register("Shop", Shop)
ShopManager.register("Price")


def attempt(what, action):
    try:
        action()
    except (AssertionError, RemoteError) as error:
        print(f"{what}: {type(error).__name__}")
        for line in str(error).splitlines():
            if line.strip("- ") and not line.startswith(" "):
                print(f"  {line}")


def main():
    with ShopManager() as manager:
        shop = manager.Shop()
        attempt("a result", shop.door)
        attempt("a method", lambda: shop._callmethod("total"))
        attempt("no callable", manager.Price)
    types = {"price": int}
    attempt(
        "a type",
        lambda: ShopManager.register("X", method_to_typeid=types),
    )


if __name__ == "__main__":
    main()
