"""join() returns None in any case; the exit code tells them apart."""

from multiprocessing import Pipe, Process


def simulate(start):
    start.recv()


def main():
    receiver, sender = Pipe(duplex=False)
    simulation = Process(target=simulate, args=(receiver,))
    simulation.start()
    print("join():", simulation.join(timeout=0.5))
    print("Exit code:", simulation.exitcode)
    sender.send("go")
    print("join():", simulation.join(timeout=30))
    print("Exit code:", simulation.exitcode)


if __name__ == "__main__":
    main()
