"""To run a function again, make a new Process."""

from multiprocessing import Process, Value


def back_up(files):
    with files.get_lock():
        files.value += 10


def main():
    files = Value("i", 0)
    for night in 1, 2:
        backup = Process(target=back_up, args=(files,))
        backup.start()
        backup.join()
        print(f"Night {night}: {files.value} files")
        backup.close()


if __name__ == "__main__":
    main()
