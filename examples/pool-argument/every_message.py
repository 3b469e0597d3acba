"""The error for each kind of object that a Pool cannot be sent."""

from multiprocessing import get_context


def main():
    context = get_context()
    kinds = {
        "Value": context.Value("i", 0),
        "Value without a lock": context.Value("i", 0, lock=False),
        "Array": context.Array("d", 3),
        "Array of bytes": context.Array("c", 3),
        "Queue": context.Queue(),
        "JoinableQueue": context.JoinableQueue(),
        "SimpleQueue": context.SimpleQueue(),
        "Lock": context.Lock(),
        "RLock": context.RLock(),
        "Semaphore": context.Semaphore(),
        "BoundedSemaphore": context.BoundedSemaphore(),
        "Condition": context.Condition(),
        "Event": context.Event(),
        "Barrier": context.Barrier(2),
    }
    with context.Pool(1) as pool:
        for kind, shared in kinds.items():
            try:
                pool.map(type, [shared])
            except RuntimeError as error:
                print(f"{kind}:")
                print(f"  RuntimeError: {error}")


if __name__ == "__main__":
    main()
