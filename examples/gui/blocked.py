"""A window that waits for its worker does not react to a click."""

# /// script
# dependencies = ["PySide6-Essentials"]
# ///
from multiprocessing import get_context

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QPushButton


def measure(stop, news):
    news.send("measuring")
    stop.wait()  # stands for work that can be stopped
    news.send("stopped")


def main():
    context = get_context("spawn")
    stop = context.Event()
    receiver, sender = context.Pipe(duplex=False)
    worker = context.Process(target=measure, args=(stop, sender))
    app = QApplication(["app", "-platform", "offscreen"])
    button = QPushButton("Stop")
    button.clicked.connect(stop.set)

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
