"""Two kinds of items come back changed, without an error."""

from multiprocessing.shared_memory import ShareableList


def main():
    sent = [b"end\x00\x00", "end\x00", "Ελλάδα"]
    items = ShareableList(sent)
    try:
        for before, after in zip(sent, items, strict=True):
            print(repr(before), "became", repr(after))
    finally:
        items.shm.close()
        items.shm.unlink()


if __name__ == "__main__":
    main()
