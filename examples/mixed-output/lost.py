"""What a terminated process had not flushed is lost."""

from multiprocessing import Event, Process


def pack(packed, stop):
    print("apple packed", end="; ")
    packed.set()
    stop.wait()


def main():
    packed, stop = Event(), Event()
    packer = Process(target=pack, args=(packed, stop))
    packer.start()
    packed.wait()
    packer.terminate()
    packer.join()
    print("All packed")


if __name__ == "__main__":
    main()
