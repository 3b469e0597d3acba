"""The error for each kind of object that a Pool cannot be sent."""

from multiprocessing import (
    Array,
    Barrier,
    Condition,
    Event,
    JoinableQueue,
    Lock,
    Pool,
    Queue,
    RLock,
    Semaphore,
    SimpleQueue,
    Value,
)


def main():
    kinds = {
        "Value": Value("i", 0),
        "Value without a lock": Value("i", 0, lock=False),
        "Array": Array("d", 3),
        "Array of bytes": Array("c", 3),
        "Queue": Queue(),
        "JoinableQueue": JoinableQueue(),
        "SimpleQueue": SimpleQueue(),
        "Lock": Lock(),
        "RLock": RLock(),
        "Semaphore": Semaphore(),
        "Condition": Condition(),
        "Event": Event(),
        "Barrier": Barrier(2),
    }
    with Pool(1) as pool:
        for kind, shared in kinds.items():
            try:
                pool.map(type, [shared])
            except RuntimeError as error:
                print(f"{kind}:")
                print(f"  RuntimeError: {error}")


if __name__ == "__main__":
    main()
