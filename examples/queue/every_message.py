"""What a queue says when it is closed, and when it is not."""

from multiprocessing import JoinableQueue, Queue


def attempt(what, action):
    try:
        action()
    except (AssertionError, ValueError) as error:
        print(f"{what}:")
        print(f"  {type(error).__name__}: {error}")


def main():
    orders = Queue()
    attempt("join_thread() before close()", orders.join_thread)
    orders.close()
    attempt("put() after close()", lambda: orders.put("apple"))
    attempt("get() after close()", orders.get)
    joinable = JoinableQueue()
    joinable.close()
    attempt("put() of a JoinableQueue", lambda: joinable.put("pear"))


if __name__ == "__main__":
    main()
