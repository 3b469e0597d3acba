"""Which calls set the default start method, and which do not."""

from multiprocessing import (
    Lock,
    Manager,
    Pipe,
    Process,
    get_context,
    get_start_method,
    set_start_method,
)


def work():
    pass


def attempt(name, call):
    set_start_method(None, force=True)
    result = call()
    is_set = get_start_method(allow_none=True) is not None
    print(f"{name:24}", "sets it" if is_set else "leaves it open")
    return result


def main():
    attempt("Pipe()", Pipe)
    attempt('get_context("spawn")', lambda: get_context("spawn"))
    worker = attempt("Process(...)", lambda: Process(target=work))
    attempt("process.start()", worker.start)
    worker.join()
    attempt("Lock()", Lock)
    attempt("get_context()", get_context)
    attempt("get_start_method()", get_start_method)
    with attempt("Manager()", Manager):
        pass


if __name__ == "__main__":
    main()
