"""After force=True, what was made before may not fit any more."""

from multiprocessing import Lock, Process, set_start_method


def work(printer):
    with printer:
        pass


def main():
    set_start_method("fork", force=True)
    printer = Lock()
    set_start_method("spawn", force=True)
    worker = Process(target=work, args=(printer,))
    try:
        worker.start()
    except RuntimeError as error:
        print(str(error).partition(". ")[0])


if __name__ == "__main__":
    main()
