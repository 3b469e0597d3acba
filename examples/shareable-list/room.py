"""A text must fit into the room that its item was given at first."""

from multiprocessing.shared_memory import ShareableList


def main():
    order = ShareableList(["tea", 0])
    try:
        for text in ["coffee", "espresso", "cappuccino"]:
            try:
                order[0] = text
                print("Ordered:", order[0])
            except ValueError as error:
                print("ValueError:", error)
        order[1] = "now text"
        print(list(order))
    finally:
        order.shm.close()
        order.shm.unlink()


if __name__ == "__main__":
    main()
