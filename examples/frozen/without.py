# /// script
# dependencies = ["pyinstaller"]
# ///
"""A frozen program without freeze_support() starts itself."""

from _frozen import run_frozen

APP = """
import os
from multiprocessing import Process

if __name__ == "__main__":
    if "STARTED" in os.environ:
        raise SystemExit(print("The program has started itself"))
    os.environ["STARTED"] = "yes"
    child = Process(target=print, args=("A child runs",))
    child.start()
    child.join()
"""


def main():
    for line in run_frozen(APP):
        print(line)


if __name__ == "__main__":
    main()
