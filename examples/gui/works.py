"""A timer asks for news of the worker, so its window can stop it."""

# /// script
# dependencies = ["PySide6-Essentials"]
# ///
from contextlib import suppress
from multiprocessing import connection, get_context

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QPushButton


def measure(stopped, news):
    with suppress(BrokenPipeError):  # nobody reads the news
        news.send("measuring")
        connection.wait([stopped])  # stands for work
        news.send("stopped")


def main():
    context = get_context("spawn")
    stopped, stop = context.Pipe(duplex=False)
    receiver, sender = context.Pipe(duplex=False)
    worker = context.Process(target=measure, args=(stopped, sender))
    app = QApplication(["app", "-platform", "offscreen"])
    button = QPushButton("Stop")
    button.clicked.connect(stop.close)
    timer = QTimer(interval=50)

    def start():
        worker.start()
        sender.close()
        timer.start()

    def look():
        try:
            for _ in range(100):
                if receiver.poll():
                    print(receiver.recv())
        except (EOFError, OSError):  # the worker has ended
            app.quit()

    timer.timeout.connect(look)
    QTimer.singleShot(0, start)  # stands for a click on Start
    QTimer.singleShot(50, button.click)
    with stop, receiver:
        app.exec()


if __name__ == "__main__":
    main()
