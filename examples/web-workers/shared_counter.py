"""Three web workers: each has its own global, all share a Value."""

import socket
from http.server import BaseHTTPRequestHandler
from multiprocessing import Process, Value
from urllib.request import urlopen

own_hits = 0


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        global own_hits
        own_hits += 1
        with self.hits.get_lock():
            self.hits.value += 1
        self.send_response_only(200)
        self.end_headers()
        self.wfile.write(str(own_hits).encode())


def serve(listening, hits):
    Handler.hits = hits
    with listening:
        for _ in range(2):
            connection, address = listening.accept()
            with connection:
                Handler(connection, address, server=None)


def main():
    hits = Value("i", 0)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        args = (listening, hits)
        workers = [Process(target=serve, args=args) for _ in range(3)]
        for worker in workers:
            worker.start()
        own = sorted(int(urlopen(url).read()) for _ in range(6))
        for worker in workers:
            worker.join()
    print("Global:", own, "Value:", hits.value)


if __name__ == "__main__":
    main()
