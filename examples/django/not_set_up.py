# /// script
# dependencies = ["django"]
# ///
"""A process runs a function from a module that imports models."""

import os
from multiprocessing import Process

import django


def main():
    os.environ["DJANGO_SETTINGS_MODULE"] = "_settings"
    django.setup()  # manage.py does the same
    from _tasks import Item, price_with_tax

    item = Item(name="pen", price=100)
    worker = Process(target=price_with_tax, args=(item,))
    worker.start()
    worker.join()
    print("exit code:", worker.exitcode)


if __name__ == "__main__":
    main()
