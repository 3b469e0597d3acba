# /// script
# dependencies = ["joblib"]
# ///
"""An exception in one task ends the others, without finally."""

import time
from pathlib import Path
from tempfile import TemporaryDirectory

from joblib import Parallel, delayed


def resize(photo, folder):
    (folder / f"{photo} begun").touch()
    try:
        if photo == "b.jpg":
            while not (folder / "a.jpg begun").exists():
                time.sleep(0.01)  # until the other task has begun
            raise ValueError("b.jpg is damaged")
        time.sleep(60)  # stands for the work
    finally:
        (folder / f"{photo} cleaned up").touch()


def main():
    with TemporaryDirectory() as name:
        folder = Path(name)
        try:
            Parallel(n_jobs=2)(
                delayed(resize)(photo, folder)
                for photo in ("a.jpg", "b.jpg")
            )
        except ValueError as error:
            print("ValueError:", error)
        print(*sorted(p.name for p in folder.iterdir()), sep="\n")


if __name__ == "__main__":
    main()
