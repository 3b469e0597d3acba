"""After a timeout, the end of the block raises an error of its own."""

from multiprocessing import Pool, TimeoutError


class OutOfStock(Exception):
    def __init__(self, article, wanted):
        super().__init__(f"{wanted} of {article} wanted")


def order(article):
    raise OutOfStock(article, wanted=3)


def main():
    with Pool(1) as pool:
        ordered = pool.apply_async(order, ["apple"])
        pool._result_handler.join()  # the thread that has failed
        try:
            ordered.get(timeout=0.5)
        except TimeoutError:
            print("No result yet")


if __name__ == "__main__":
    main()
