"""A worker that ends removes a block that the parent still uses."""

from multiprocessing import Pipe, Process, get_start_method
from multiprocessing.shared_memory import SharedMemory
from time import sleep


def add_up(orders):
    image = SharedMemory(orders.recv())
    orders.send(sum(image.buf[:3]))
    image.close()


def is_there(name):
    try:
        SharedMemory(name).close()
    except FileNotFoundError:
        return False
    return True


def main():
    orders, worker_end = Pipe()
    worker = Process(target=add_up, args=(worker_end,))
    worker.start()
    worker_end.close()
    image = SharedMemory("image", create=True, size=3)
    image.buf[:3] = bytes([10, 20, 30])
    orders.send(image.name)
    print("Sum:", orders.recv())
    worker.join()
    if get_start_method() == "fork":
        while is_there(image.name):
            sleep(0.01)  # its tracker is not done
    print("Still there:", is_there(image.name))
    image.close()
    image.unlink()


if __name__ == "__main__":
    main()
