"""The exit code of a Process tells that it was killed."""

from multiprocessing import Event, Process


def watch(ready, stop):
    ready.set()
    stop.wait()


def main():
    ready, stop = Event(), Event()
    camera = Process(target=watch, args=(ready, stop))
    camera.start()
    ready.wait()
    camera.kill()
    camera.join()
    print("Exit code", camera.exitcode)


if __name__ == "__main__":
    main()
