"""Without a main guard the child dies, and the parent goes on."""

from multiprocessing import get_context


def take_order():
    print("Order taken")


context = get_context("spawn")
worker = context.Process(target=take_order)
worker.start()
worker.join()
print("Exit code of the worker:", worker.exitcode)
