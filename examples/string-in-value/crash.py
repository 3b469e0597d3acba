"""A process that dies of a bad address never releases the lock."""

import faulthandler
from ctypes import c_char_p, c_size_t
from multiprocessing import Process, Value


def read_photos(status):
    faulthandler.disable()
    c_size_t.from_buffer(status.get_obj()).value = 8
    print(status.value)


def main():
    status = Value(c_char_p, b"")
    viewer = Process(target=read_photos, args=(status,))
    viewer.start()
    viewer.join()
    print("The viewer has crashed:", viewer.exitcode != 0)
    print("Lock free:", status.get_lock().acquire(timeout=1))


if __name__ == "__main__":
    main()
