"""A timer asks for news of the worker, so its window can stop it."""

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
    timer = QTimer(interval=50)

    def start():
        worker.start()
        sender.close()
        timer.start()

    def look():
        try:
            while receiver.poll():
                print(receiver.recv())
        except EOFError:  # the worker has ended
            app.quit()

    timer.timeout.connect(look)
    QTimer.singleShot(0, start)  # stands for a click on Start
    QTimer.singleShot(50, button.click)
    app.exec()
    stop.set()
    worker.join()


if __name__ == "__main__":
    main()
