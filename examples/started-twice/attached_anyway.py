"""Starts that create or attach: two of them sell the same ticket."""

import sys
from multiprocessing import resource_tracker
from multiprocessing.shared_memory import SharedMemory
from struct import pack_into, unpack_from
from subprocess import PIPE, Popen


def attach(name):
    if sys.version_info >= (3, 13):
        return SharedMemory(name, track=False)
    block = SharedMemory(name)
    resource_tracker.unregister(block._name, "shared_memory")
    return block


def sell():
    try:
        block, is_mine = SharedMemory("tickets", True, 8), True
    except FileExistsError:  # another start has created it
        block, is_mine = attach("tickets"), False
    for _ in sys.stdin:
        (sold,) = unpack_from("q", block.buf)
        pack_into("q", block.buf, 0, sold + 1)
        print(sold + 1, flush=True)
    block.close()
    if is_mine:
        block.unlink()


def main():
    starts = {}
    for name in "A", "A", "B", "A ends", "B", "C", "C ends", "B ends":
        if name.endswith("ends"):
            starts[name[0]].communicate()
            print(name)
            continue
        if name not in starts:
            command = [sys.executable, __file__, "sell"]
            starts[name] = Popen(command, stdin=PIPE, stdout=PIPE)
        starts[name].stdin.write(b"\n")
        starts[name].stdin.flush()
        number = int(starts[name].stdout.readline())
        print(name, "sells ticket", number)


if __name__ == "__main__":
    sell() if "sell" in sys.argv else main()
