"""send() waits while the pipe is full, until the other end reads."""

from multiprocessing import Pipe, Process


def take_picture(pictures):
    with pictures:
        pictures.send(bytes(1_000_000))


def main():
    receiver, sender = Pipe(duplex=False)
    camera = Process(target=take_picture, args=(sender,))
    camera.start()
    sender.close()
    camera.join(timeout=1)
    print("Still sending:", camera.is_alive())
    with receiver:
        print("Received", len(receiver.recv()), "bytes")
    camera.join()
    print("Still sending:", camera.is_alive())


if __name__ == "__main__":
    main()
