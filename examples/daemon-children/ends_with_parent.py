"""A daemonic process is stopped when its parent ends."""

from multiprocessing import Event, Process


def watch(ready, stop):
    print("The camera is on", flush=True)
    try:
        ready.set()
        stop.wait()
    finally:
        print("The camera is off")


def main():
    ready, stop = Event(), Event()
    camera = Process(target=watch, args=(ready, stop), daemon=True)
    camera.start()
    ready.wait()
    print("The program ends")


if __name__ == "__main__":
    main()
