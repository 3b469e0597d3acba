"""Three processes append lines to one file; all arrive whole."""

from multiprocessing import Lock, Process
from pathlib import Path
from tempfile import TemporaryDirectory


def write_log(path, name, lock):
    for number in range(100):
        with lock, open(path, "a", encoding="utf-8") as log:
            log.write(f"{name} {number}\n")


def main():
    lock = Lock()
    with TemporaryDirectory() as folder:
        path = Path(folder, "visits.log")
        writers = [
            Process(target=write_log, args=(path, name, lock))
            for name in ["Ada", "Bob", "Eve"]
        ]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        lines = path.read_text("utf-8").splitlines()
    print("Lines:", len(lines), "different:", len(set(lines)))
    print("Words in each:", {len(line.split()) for line in lines})


if __name__ == "__main__":
    main()
