# /// script
# dependencies = ["iceoryx2", "numpy"]
# ///
"""Two workers send 80 MB without a copy; one is killed, one ends."""

import signal
from ctypes import c_uint8
from multiprocessing import Process

import iceoryx2 as iox2
import numpy as np
from _engines import iceoryx_config, own_folder

SIZE = 80_000_000  # bytes


def open_service(folder):
    node = iox2.NodeBuilder.new().config(iceoryx_config(folder))
    node = node.create(iox2.ServiceType.Ipc)
    service = node.service_builder(iox2.ServiceName.new("samples"))
    kind = iox2.Slice[c_uint8]
    return service.publish_subscribe(kind).open_or_create()


def send(folder, me):
    publisher = open_service(folder).publisher_builder()
    publisher = publisher.initial_max_slice_len(SIZE).create()
    sample = publisher.loan_slice_uninit(SIZE)
    samples = np.frombuffer(sample.payload().as_memory_view())
    samples[:] = np.arange(10_000_000)
    sample.assume_init().send()
    if me == "worker-1":  # as if there were too little memory
        signal.raise_signal(signal.SIGKILL)


def main():
    with own_folder() as folder:
        reader = open_service(folder).subscriber_builder().create()
        for name in "worker-1", "worker-2":
            worker = Process(target=send, args=[folder, name])
            worker.start()
            worker.join()
            print(name, "has ended:", worker.exitcode)
            sample = reader.receive()
            view = sample and sample.payload().as_memory_view()
            print("last of 80 MB:", view and np.frombuffer(view)[-1])


if __name__ == "__main__":
    main()
