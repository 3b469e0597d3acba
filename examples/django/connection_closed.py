# /// script
# dependencies = ["django"]
# ///
"""A process that adds an item is started without a connection."""

import os
from multiprocessing import Process
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connections


def add_item():
    django.setup()
    from _tasks import Item

    Item.objects.create(name="pen", price=100)


def main():
    os.environ["DJANGO_SETTINGS_MODULE"] = "_settings"
    django.setup()
    from _tasks import Item

    call_command("migrate", run_syncdb=True, verbosity=0)
    connections.close_all()  # and in no transaction
    worker = Process(target=add_item)
    worker.start()
    worker.join()
    print("exit code:", worker.exitcode)
    print("items:", Item.objects.count())
    connections.close_all()
    for file in Path().glob("shop.sqlite3*"):
        file.unlink()


if __name__ == "__main__":
    main()
