"""A window that waits for its worker does not react to a click."""

# /// script
# dependencies = ["PySide6-Essentials"]
# ///
from multiprocessing import connection, get_context

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QPushButton


def measure(stopped, news):
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

    def start():
        worker.start()
        print(receiver.recv(), flush=True)
        worker.join()
        print(receiver.recv())
        app.quit()

    QTimer.singleShot(0, start)  # stands for a click on Start
    QTimer.singleShot(50, button.click)
    app.exec()


if __name__ == "__main__":
    main()
