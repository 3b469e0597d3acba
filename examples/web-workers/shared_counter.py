"""Three web workers: each has its own global, all share a Value."""

import socket
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from multiprocessing import Barrier, Process, Value
from urllib.request import urlopen

WORKERS = 3
ROUNDS = 2
own_hits = 0


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        global own_hits
        own_hits += 1
        with self.server.hits.get_lock():
            self.server.hits.value += 1
            hits = self.server.hits.value
        self.server.all_are_busy.wait()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"{own_hits} {hits}".encode())

    def log_message(self, *args):
        pass


def serve(listening, hits, all_are_busy):
    with HTTPServer(
        ("", 0), Handler, bind_and_activate=False
    ) as server:
        server.socket.close()
        server.socket = listening
        server.hits, server.all_are_busy = hits, all_are_busy
        for _ in range(ROUNDS):
            server.handle_request()


def ask(url):
    with urlopen(url) as answer:
        return tuple(map(int, answer.read().split()))


def main():
    hits, all_are_busy = Value("i", 0), Barrier(WORKERS)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        workers = [
            Process(target=serve, args=(listening, hits, all_are_busy))
            for _ in range(WORKERS)
        ]
        for worker in workers:
            worker.start()
        with ThreadPoolExecutor(WORKERS) as browsers:
            for _ in range(ROUNDS):
                answers = list(browsers.map(ask, [url] * WORKERS))
                own, shared = zip(*answers, strict=True)
                print("Global:", sorted(own), "Value:", sorted(shared))
        for worker in workers:
            worker.join()
    print("Requests in all:", hits.value)


if __name__ == "__main__":
    main()
