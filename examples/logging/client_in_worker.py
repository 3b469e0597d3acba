"""Each worker makes its own client, and waits until it has sent."""

from concurrent.futures import ProcessPoolExecutor
from queue import Queue
from threading import Thread


class Client:
    """Stands for that of a service: its thread sends the events."""

    def __init__(self):
        self.waiting = Queue()
        self.sent = []
        Thread(target=self.send, daemon=True).start()

    def send(self):
        while True:
            self.sent.append(self.waiting.get())
            self.waiting.task_done()

    def flush(self):
        self.waiting.join()


def begin():
    global client
    client = Client()


def share(people):
    try:
        return f"{12 // people} for each"
    except ZeroDivisionError:
        client.waiting.put(f"error with {people} people")
        client.flush()
        return f"reported {client.sent.pop()}"


def main():
    with ProcessPoolExecutor(2, initializer=begin) as executor:
        for line in executor.map(share, [3, 0, 4]):
            print(line)


if __name__ == "__main__":
    main()
