"""What becomes of many clients that connect over TCP at once."""

import socket
from contextlib import suppress

from tests.claims import SURE


def tried(address: tuple[str, int], most: int) -> int:
    """How many clients, up to `most`, try to connect until one of them has to wait."""
    clients: list[socket.socket] = []
    with suppress(TimeoutError):
        while len(clients) < most:
            client = socket.socket()
            client.settimeout(SURE)
            clients.append(client)
            client.connect(address)
    for client in clients:
        client.close()
    return len(clients)
