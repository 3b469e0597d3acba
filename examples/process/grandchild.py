"""A worker is killed; the helper that it has started goes on."""

import tempfile
from multiprocessing import Pipe, Process
from multiprocessing.connection import wait


def compress(line):
    line.send("The helper runs")
    line.recv()
    line.send("The helper ends")


def back_up(line, folder):
    tempfile.tempdir = folder  # who is killed cannot tidy up
    helper = Process(target=compress, args=(line,))
    helper.start()
    helper.join()


def main():
    line, far_end = Pipe()
    with tempfile.TemporaryDirectory() as folder:
        worker = Process(target=back_up, args=(far_end, folder))
        worker.start()
        far_end.close()
        print(line.recv())
        worker.kill()
        worker.join()
        print("Exit code", worker.exitcode)
        print("Sentinel ready:", wait([worker.sentinel], 0.5) != [])
        line.send("go")
        print(line.recv())


if __name__ == "__main__":
    main()
