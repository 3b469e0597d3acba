"""A process asks who it is, who started it, and whom it has started."""

from multiprocessing import (
    Pipe,
    Process,
    active_children,
    current_process,
    parent_process,
)


def introduce(line):
    me, parent = current_process(), parent_process()
    line.send(f"I am {me.name}, my parent is {parent.name}")
    line.recv()


def main():
    print(current_process().name, "has the parent", parent_process())
    line, far_end = Pipe()
    clerk = Process(target=introduce, args=(far_end,), name="clerk")
    clerk.start()
    far_end.close()
    print(line.recv())
    print("Children:", [child.name for child in active_children()])
    line.send("thank you")
    clerk.join()
    print("Children:", [child.name for child in active_children()])


if __name__ == "__main__":
    main()
