"""task_done() in a finally block is called for every order."""

from multiprocessing import JoinableQueue, Process, Value


def pack(orders, failed):
    while (crates := orders.get()) is not None:
        try:
            if crates == 0:
                continue
            if crates < 0:
                raise ValueError(f"{crates} crates")
        except Exception:  # log it here
            with failed.get_lock():
                failed.value += 1
        finally:
            orders.task_done()
    orders.task_done()


def main():
    orders, failed = JoinableQueue(), Value("i", 0)
    packer = Process(target=pack, args=(orders, failed))
    packer.start()
    for crates in [4, 0, -2, 3]:
        orders.put(crates)
    print("Waiting until all orders are packed")
    orders.join()
    print("All orders done, failed:", failed.value)
    orders.put(None)
    packer.join()


if __name__ == "__main__":
    main()
