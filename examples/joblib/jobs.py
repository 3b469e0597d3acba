# /// script
# dependencies = ["joblib"]
# ///
"""A job that is done leaves a file; one job kills its worker."""

import os
import signal
from pathlib import Path
from tempfile import TemporaryDirectory

from joblib import Parallel, delayed
from joblib.externals.loky.process_executor import TerminatedWorkerError


def resize(photo, folder):
    if photo == "b.jpg":  # as if there were too little memory
        os.kill(os.getpid(), signal.SIGKILL)
    part = folder / f"{photo}-{os.getpid()}"
    part.write_text(f"{photo}, but small")
    part.replace(folder / photo)  # there as a whole, or not at all


def run(photos, folder):
    left = [p for p in photos if not (folder / p).exists()]
    try:
        Parallel(n_jobs=2)(delayed(resize)(p, folder) for p in left)
    except TerminatedWorkerError as error:
        print(*photos, "->", type(error).__name__)


def main():
    photos = ["a.jpg", "b.jpg", "c.jpg", "d.jpg"]
    with TemporaryDirectory() as name:
        folder = Path(name)
        run(photos, folder)
        for photo in photos:  # now each alone
            run([photo], folder)
        failed = [p for p in photos if not (folder / p).exists()]
    print("done:", *(p for p in photos if p not in failed))
    if failed:
        raise SystemExit(f"not done: {failed}")


if __name__ == "__main__":
    main()
