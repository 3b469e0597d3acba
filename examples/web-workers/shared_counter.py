"""Three web workers: each has its own global, all share a Value."""

import signal
import socket
import sys
from multiprocessing import Process, Value, connection

own_hits = 0


def serve(listening, hits):
    global own_hits
    with listening:
        for _ in range(2):
            with listening.accept()[0] as client:
                client.recv(4096)  # the request
                own_hits += 1
                with hits.get_lock():
                    hits.value += 1
                client.sendall(b"HTTP/1.0 200 OK\r\n\r\n%d" % own_hits)


def main():
    hits, running, own = Value("i", 0), {}, []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        args = listening, hits
        for _ in range(3):
            worker = Process(target=serve, args=args, daemon=True)
            worker.start()
            running[worker.sentinel] = worker
        signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
        address = listening.getsockname()
        clients = [socket.create_connection(address) for _ in range(6)]
        for client in clients:
            client.sendall(b"GET / HTTP/1.0\r\n\r\n")
        while running:
            worker = running.pop(connection.wait(running)[0])
            worker.join()
            if code := worker.exitcode:
                sys.exit(f"{worker.name}: exit code {code}")
    for client in clients:
        with client:
            own.append(int(client.recv(100).split()[-1]))
    print("Global:", sorted(own), "Value:", hits.value)


if __name__ == "__main__":
    main()
