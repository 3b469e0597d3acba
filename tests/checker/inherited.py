"""Short programs for the rule inherited."""

START = """import os
import socket
import sqlite3
from multiprocessing import Pool, Process
from sqlalchemy import create_engine

"""
END = """
def main():
    with Pool() as pool:
        pool.map(work, range(9))
"""

FOUND: tuple[str, ...] = (
    START + "db = sqlite3.connect('a')\ndef work(_):\n    db.execute('x')  # here\n" + END,
    START + "db = sqlite3.connect('a')\ndef work(_):\n    pd.read_sql('x', db)  # here\n" + END,
    START + "log = open('a', 'w')\ndef work(item):\n    log.write(item)  # here\n" + END,
    START + "log = open('a', 'w')\ndef work(item):\n    print(item, file=log)  # here\n" + END,
    START + "lines = open('a')\ndef work(_):\n    lines.readline()  # here\n" + END,
    START + "lines = open('a')\ndef work(_):\n    for _ in lines:  # here\n        pass\n" + END,
    START + "file = os.open('a', 0)\ndef work(_):\n    os.read(file, 5)  # here\n" + END,
    START
    + """peer = socket.create_connection(("a", 1))

def work(item):
    peer.sendall(item)  # here
    peer.sendall(item)
"""
    + END,
    START
    + """engine = create_engine("a")

def work(item):
    engine.connect()  # here

def main():
    engine.connect()
    Process(target=work).start()
""",
    START
    + """class Store:
    def __init__(self):
        self.db = sqlite3.connect("a")

    def work(self):
        self.db.execute("x")  # here

    def main(self):
        Process(target=self.work).start()
""",
    START
    + """def work(db):
    db.execute("x")  # here

def main():
    Process(target=work, args=(sqlite3.connect("a"),)).start()
""",
    START
    + """def work():
    print("works")

def serve():
    server = socket.create_server(("", 0))
    worker = Process(target=work)
    worker.start()
    server.close()  # here
    server = socket.create_server(("", 0))
""",
)

RIGHT: tuple[str, ...] = (
    START + "def work(_):\n    db = sqlite3.connect('a')\n    db.execute('x')\n" + END,
    START + "db = sqlite3.connect('a')\ndef work(_):\n    db = None\n    print(id(db))\n" + END,
    START + "log = open('a')\ndef work(_):\n    log.write('x')\n    log.flush()\n" + END,
    START + "db = sqlite3.connect('a')\ndef work(_):\n    print(id(db))\n" + END,
    START + "lines = open('a')\ndef work(_):\n    print(lines.name, lines)\n" + END,
    START + "def work(db):\n    db.execute('x')\nPool().apply(work, [sqlite3.connect('a')])\n",
    START + "engine = create_engine('a')\ndef work(_):\n    engine.connect()\n" + END,
    START
    + """engine = create_engine("a")

def work(item):
    engine.dispose(close=False)
    ask()

def ask():
    engine.connect()

def main():
    engine.connect()
    Process(target=work).start()
""",
    START
    + """server = socket.create_server(("", 0))

def work(item):
    server.accept()
"""
    + END,
    START
    + """def work(lines):
    lines.read()

def main():
    Process(target=work, args=(open("a"),)).start()
""",
    START
    + """def work():
    print("works")

def serve():
    server = socket.create_server(("", 0))
    worker = Process(target=work)
    worker.start()
    worker.join()
    server.close()
    server = socket.create_server(("", 0))
""",
)
