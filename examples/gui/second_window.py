"""A window made outside of the main guard opens in a child, too."""

# /// script
# dependencies = ["PySide6-Essentials"]
# ///
from multiprocessing import Process

from PySide6.QtWidgets import QApplication, QPushButton

app = QApplication(["app", "-platform", "offscreen"])
window = QPushButton("Start")
window.show()
print("A window opens", flush=True)


def measure():
    print("The worker runs", flush=True)


def main():
    worker = Process(target=measure)
    worker.start()
    worker.join()


if __name__ == "__main__":
    main()
