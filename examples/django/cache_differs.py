# /// script
# dependencies = ["django"]
# ///
"""A worker puts a rate into two caches and is killed."""

import os
import shutil
import signal
from multiprocessing import Process

import django
from django.core.cache import caches


def work():
    django.setup()
    for name in ["default", "files"]:
        caches[name].set("rate", 120)
    os.kill(os.getpid(), signal.SIGTERM)


def main():
    os.environ["DJANGO_SETTINGS_MODULE"] = "_settings"
    django.setup()
    caches["default"].set("rate", 107)
    worker = Process(target=work)
    worker.start()
    worker.join()
    print("LocMemCache:", caches["default"].get("rate"))
    print("FileBasedCache:", caches["files"].get("rate"))
    shutil.rmtree("cache")


if __name__ == "__main__":
    main()
