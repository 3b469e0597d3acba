"""What a ShareableList does not take, and what it cannot do."""

from multiprocessing.shared_memory import ShareableList


def main():
    order = ShareableList(["tea", 2])
    try:
        try:
            order[1] = ["milk", "sugar"]
        except KeyError as error:
            print("KeyError:", error)
        try:
            order[2] = "milk"
        except IndexError as error:
            print("IndexError:", error)
        try:
            order.append("milk")
        except AttributeError as error:
            print("AttributeError:", error)
    finally:
        order.shm.close()
        order.shm.unlink()


if __name__ == "__main__":
    main()
