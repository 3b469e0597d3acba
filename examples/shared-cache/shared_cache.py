"""A cache in files: each key is computed once for all processes."""

import json
from contextlib import closing
from hashlib import sha256
from math import isqrt
from pickle import dumps, loads
from sqlite3 import connect
from tempfile import TemporaryDirectory
from time import time

TABLE = "CREATE TABLE IF NOT EXISTS results(key PRIMARY KEY, at, value)"
FIND = "SELECT value FROM results WHERE key = ? AND at > ?"
STORE = "REPLACE INTO results VALUES (?, ?, ?)"
TRIM = """DELETE FROM results WHERE key NOT IN (SELECT key FROM results
          WHERE at > ? ORDER BY at DESC LIMIT 100)"""


class Cache:
    def __init__(self, function, folder, age, limit=600):
        self.function, self.folder, self.age = function, folder, age
        self.limit, self.computed = min(limit, 2_000_000), False

    def __call__(self, *args):
        key, since = json.dumps(args, sort_keys=True), time() - self.age
        path = f"{self.folder}/{sha256(key.encode()).hexdigest()[:2]}"
        db = connect(path, timeout=self.limit, isolation_level=None)
        with closing(db):
            db.execute(TABLE)
            find, self.computed = (FIND, (key, since)), False
            if not (row := db.execute(*find).fetchone()):
                with db:
                    db.execute("BEGIN IMMEDIATE")  # one at a time
                    if not (row := db.execute(*find).fetchone()):
                        row = [dumps(self.function(*args))]
                        db.execute(STORE, (key, time(), *row))
                        db.execute(TRIM, [since])
                        self.computed = True
        return loads(row[0])


def main():
    with TemporaryDirectory() as folder:
        root = Cache(isqrt, folder, age=3600)
        print([(root(9), root.computed) for _ in range(2)])


if __name__ == "__main__":
    main()
