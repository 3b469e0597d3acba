# /// script
# dependencies = ["django"]
# ///
"""Each worker of a pool sets up Django before its first task."""

import os
from multiprocessing import Pool

import django


def main():
    os.environ["DJANGO_SETTINGS_MODULE"] = "_settings"
    django.setup()  # manage.py does the same
    from _tasks import Item, price_with_tax

    items = [Item(name="pen", price=100), Item(name="ink", price=200)]
    with Pool(2, initializer=django.setup) as pool:
        prices = pool.map(price_with_tax, items)
    print("with tax:", prices)


if __name__ == "__main__":
    main()
