"""Each error of a Process that is made or set up in a wrong way."""

from multiprocessing import Process


def back_up():
    pass


class Backup(Process):
    def __init__(self, folder):
        self.folder = folder


def attempt(what, action):
    try:
        action()
    except (AssertionError, AttributeError, ValueError) as error:
        print(f"{what}:")
        print(f"  {type(error).__name__}: {error}")


def main():
    attempt("without target=", lambda: Process(back_up))
    attempt("without super().__init__()", Backup("/home").start)
    backup = Process(target=back_up)
    attempt("name", lambda: setattr(backup, "name", 1))
    attempt("terminate() before start()", backup.terminate)
    attempt("sentinel before start()", lambda: backup.sentinel)
    backup.start()
    attempt("daemon", lambda: setattr(backup, "daemon", True))
    backup.join()


if __name__ == "__main__":
    main()
