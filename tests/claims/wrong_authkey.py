"""What docs/pitfalls/wrong-authkey.md says."""

import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import AuthenticationError, Pool, Process, SimpleQueue, current_process
from multiprocessing.connection import (
    Client,
    Listener,
    answer_challenge,
    deliver_challenge,
)
from multiprocessing.managers import BaseManager, ListProxy, SyncManager
from threading import Thread
from time import sleep
from typing import Any

from tests.claims import PAUSE, SURE, no_fact, on, raises, shown

KEY = b"spring"
OTHER_KEY = b"autumn"
kept: "ListProxy[str]"


@contextmanager
def _process_key(key: bytes) -> Iterator[None]:
    """As if this process had been started with another key."""
    before = current_process().authkey
    current_process().authkey = key
    try:
        yield
    finally:
        current_process().authkey = before


class _Talk:
    """A connection whose other side says what is foreseen."""

    def __init__(self, *received: bytes) -> None:
        self.received = list(received)
        self.sent: list[bytes] = []

    def recv_bytes(self, _: int) -> bytes:
        """As a connection does."""
        return self.received.pop(0)

    def send_bytes(self, message: bytes) -> None:
        """As a connection does."""
        self.sent.append(message)


def _answer(key: bytes, message: bytes) -> bytes:
    """With what a side answers a message."""
    talk = _Talk(b"#CHALLENGE#" + message, b"#WELCOME#")
    answer_challenge(talk, key)  # type: ignore[arg-type]
    (digest,) = talk.sent
    return digest


@contextmanager
def _client(listener: Listener, call: Callable[[Any], object]) -> Iterator[Thread]:
    """A thread that connects; it ends with this block."""
    thread = Thread(target=call, args=(listener.address,))
    thread.start()
    yield thread
    thread.join()


def _tell_key(answers: "SimpleQueue[bytes]") -> None:
    answers.put(bytes(current_process().authkey))


def _keep(proxy: "ListProxy[str]") -> None:
    global kept
    kept = proxy


def _append_to_kept() -> None:
    kept.append("pool")


def _append(proxies: "SimpleQueue[ListProxy[str]]") -> None:
    proxies.get().append("child")


def _send_to_a_child(tickets: "ListProxy[str]") -> None:
    """Send the proxy through a queue to a child, which appends to the list."""
    proxies: SimpleQueue[ListProxy[str]] = SimpleQueue()
    child = Process(target=_append, args=(proxies,))
    child.start()
    proxies.put(tickets)
    child.join()


def _append_to(proxy: "ListProxy[str]") -> None:
    proxy.append("argument")


def the_same_key() -> None:
    """Give both sides the same `authkey`."""
    shown("wrong-authkey/same_key", 'SERVER_KEY = b"spring"\nCLIENT_KEY = b"spring"', "Connected")


def also_of_the_process() -> None:
    """In a program that sends a manager's proxies, such as those of `manager.dict()` and
    `manager.list()`, through queues, or stores one in another, make the manager's key that of the
    process as well: `current_process().authkey = key`.
    """
    with SyncManager(authkey=KEY) as manager:
        halls = manager.dict(north=manager.list(["concert"]))
        with raises(AuthenticationError):
            halls["north"]
        with _process_key(KEY):
            assert list(halls["north"]) == ["concert"]
    shown("wrong-authkey/process_key", 'authkey = b"spring"\n', "proxies.put(", "['concert']")


def the_side_that_connects() -> None:
    """The side that connects, a client or a worker, raises:"""
    shown(
        "wrong-authkey/client_key", "client.connect()", "AuthenticationError: digest sent was rej"
    )
    shown("wrong-authkey/through_queue", "AuthenticationError: digest sent was rejected")


def the_side_that_listens() -> None:
    """The side that listens raises an `AuthenticationError`, too. If the program prints its
    message, as below, you see:
    """
    shown("wrong-authkey/other_side", "except AuthenticationError as error:\n            print(")
    shown("wrong-authkey/other_side", "Server: digest received was wrong")


def who_must_prove() -> None:
    """A process that connects to a manager, or to a `Listener` that was made with an `authkey`,
    must prove that it has the key.
    """
    shown("wrong-authkey/client_key", "BaseManager(authkey=SERVER_KEY)", "digest sent was rejected")
    shown("wrong-authkey/other_side", 'Listener(authkey=b"spring")', "Client: digest sent was rej")


def each_side_sends_a_message() -> None:
    """Each side sends the other a random message (`deliver_challenge` of
    `multiprocessing.connection`), and the other answers (`answer_challenge`) with a digest, a
    checksum that is made from the message and the key. Another key gives another digest.
    """
    messages = []
    for _ in range(2):
        talk = _Talk(b"no digest")
        with raises(AuthenticationError):
            deliver_challenge(talk, KEY)  # type: ignore[arg-type]
        messages.append(talk.sent[0])
    assert messages[0] != messages[1]
    assert _answer(KEY, b"a" * 20) == _answer(KEY, b"a" * 20)
    assert _answer(KEY, b"a" * 20) != _answer(KEY, b"b" * 20)
    assert _answer(KEY, b"a" * 20) != _answer(OTHER_KEY, b"a" * 20)


def which_message_is_whose() -> None:
    """The side that connects has sent its digest first, so it reads "digest sent was rejected".
    The side that listens has found it wrong, and reads "digest received was wrong".
    """
    shown("wrong-authkey/other_side", "Server: digest received was wrong\nClient: digest sent was")


def the_key_is_not_sent() -> None:
    """The key itself does not go through the connection."""
    assert KEY not in _answer(KEY, b"a" * 20)
    talk = _Talk(b"no digest")
    with raises(AuthenticationError):
        deliver_challenge(talk, KEY)  # type: ignore[arg-type]
    assert not any(KEY in message for message in talk.sent)


def the_key_of_the_process() -> None:
    """A manager without an `authkey` has the key of its process."""
    with _process_key(KEY), BaseManager() as manager:
        BaseManager(manager.address, KEY).connect()
        with raises(AuthenticationError):
            BaseManager(manager.address, OTHER_KEY).connect()


def no_key_at_all() -> None:
    """A `Listener` or a `Client` without `authkey` uses no key at all."""
    with Listener() as listener, _client(listener, lambda address: Client(address).close()):
        connection = listener.accept()
        with connection, raises(EOFError):
            connection.recv_bytes()  # nothing was sent, also no message of the two


def an_empty_key() -> None:
    """The empty key `b""` is a key for a `Client`, but for a `Listener` only since Python 3.11.9
    and 3.12.3.

    Check that the key is not empty: everybody can guess an empty key, and in the older releases
    a `Listener` with it lets in a client without a key.
    """

    def connect(address: Any) -> None:
        with raises(AuthenticationError), Client(address, authkey=b"") as client:
            client.recv_bytes()
        asked.append(True)

    asked: list[bool] = []
    with Listener() as listener, _client(listener, connect), listener.accept() as server:
        server.send_bytes(b"#CHALLENGE#" + b"a" * 20)
        server.recv_bytes()
        server.send_bytes(b"no welcome")
    assert asked
    with (
        Listener(authkey=b"") as listener,
        _client(listener, lambda address: Client(address).close()),
    ):
        if on("Python 3.11.9 and later and 3.12.3 and later"):
            with raises(EOFError, OSError):
                listener.accept()
        else:
            listener.accept().close()


def neither_understands() -> None:
    """If only one side has a key, neither understands the other."""
    shown("wrong-authkey/no_key", "Server: EOFError\nClient: UnpicklingError")
    shown("wrong-authkey/side_without_key_sends", "Listener() as listener", 'b"spring").close()')


def in_production() -> None:
    """In production, use a long random key, and let both programs read it from the same file or
    environment variable.
    """
    no_fact("advice")


def _connect_with_text(address: Any) -> None:
    with raises(TypeError):
        Client(address, authkey="spring")  # type: ignore[arg-type]


def another_key() -> None:
    """Check that neither program reads a line end with it: `b"spring\\n"` is another key than
    `b"spring"`. The key must be bytes: for a text, use `"spring".encode()`.
    """
    assert _answer(b"spring\n", b"a" * 20) != _answer(b"spring", b"a" * 20)
    with raises(TypeError):
        BaseManager(authkey="spring")  # type: ignore[arg-type]
    with Listener() as listener, _client(listener, _connect_with_text):
        listener.accept().close()
    assert "spring".encode() == KEY  # noqa: UP012


def keep_running() -> None:
    """A server that should keep running must catch `AuthenticationError` around `accept()`; and
    also `EOFError` and `OSError`, which `accept()` raises when a client breaks off.
    """
    shown("wrong-authkey/other_side", "listener.accept()", "Server: digest received was wrong")
    shown("wrong-authkey/no_key", "except EOFError", "Server: EOFError")
    with Listener(authkey=KEY) as listener, _client(listener, _send_much), raises(OSError):
        listener.accept()


def _send_much(address: Any) -> None:
    with Client(address) as connection:
        connection.send(bytes(300))
        with suppress(OSError, EOFError):
            connection.recv_bytes()


def a_silent_client() -> None:
    """While a client that has connected sends nothing, `accept()` waits, and no other client gets
    in.
    """
    ended: list[bool] = []

    def accept() -> None:
        with raises(EOFError):
            listener.accept()
        ended.append(True)

    with Listener(authkey=KEY) as listener:
        server = Thread(target=accept)
        server.start()
        with Client(listener.address) as silent:
            silent.recv_bytes()  # so the server waits for the answer
            server.join(SURE)
            assert server.is_alive()
        server.join()
    assert ended


def a_manager_goes_on() -> None:
    """A manager's server goes on without your help."""
    with BaseManager(authkey=KEY) as manager:
        with raises(AuthenticationError):
            BaseManager(manager.address, OTHER_KEY).connect()
        _send_much(manager.address)
        BaseManager(manager.address, KEY).connect()


def the_server_has_a_key() -> None:
    """Here the server has a key. It sends its random message, and the client tries to unpickle
    that message:
    """
    shown("wrong-authkey/no_key", 'Listener(authkey=b"spring")', "server.recv()", "key, '#'")


def the_other_ways() -> None:
    """If the client without a key sends first, the server reads that item as the digest. This
    program shows both:
    """
    shown("wrong-authkey/side_without_key_sends", 'send("two apples")', "ntwo apples")


def the_client_has_a_key() -> None:
    """If only the client has a key, the client waits for the server's random message: it waits
    forever, or reads the first item that the server sends as that message.
    """
    shown("wrong-authkey/side_without_key_sends", 'connection.send("welcome")', "x07welcome")

    ended: list[bool] = []

    def connect(address: Any) -> None:
        with raises(EOFError):
            Client(address, authkey=KEY)
        ended.append(True)

    with Listener() as listener, _client(listener, connect) as thread, listener.accept():
        thread.join(SURE)
        assert thread.is_alive()
    assert ended


def the_item_is_quoted() -> None:
    """Each message quotes the pickled item. From Python 3.14 on, `pickle` uses a newer format by
    default.
    """
    shown("wrong-authkey/side_without_key_sends", "x07welcome", "message=b'\\x80\\x04\\x95\\x0e")
    shown("wrong-authkey/side_without_key_sends", "message=b'\\x80\\x05")
    assert pickle.dumps("two apples")[1] == (5 if on("Python 3.14 and later") else 4)


def a_long_item() -> None:
    """If the pickled item is longer than 256 bytes, the error is `OSError: bad message length`
    instead.
    """
    message = "bad message length"
    with Listener(authkey=KEY) as listener, _client(listener, _send_much):  # noqa: SIM117
        with raises(OSError, text=message):
            listener.accept()

    def connect(address: Any) -> None:
        with raises(OSError, text=message):
            Client(address, authkey=KEY)
        refused.append(True)

    refused: list[bool] = []
    with Listener() as listener, _client(listener, connect), listener.accept() as connection:
        connection.send(bytes(300))
    assert refused


def a_child_gets_it_at_its_start() -> None:
    """A proxy carries the manager's key only when a child gets it at its start, as an argument of
    a `Process` or of an initializer.
    """
    with SyncManager(authkey=KEY) as manager:
        tickets = manager.list()
        seller = Process(target=_append_to, args=(tickets,))
        seller.start()
        seller.join()
        with Pool(1, initializer=_keep, initargs=(tickets,)) as pool:
            pool.apply(_append_to_kept)
        assert list(tickets) == ["argument", "pool"]
        with raises(AuthenticationError):
            pickle.loads(pickle.dumps(tickets))


def which_key_the_receiver_uses() -> None:
    """The receiver then uses the key of its own process. In a child, that is the right key if you
    gave the manager none. If you gave it one, it is the wrong key:

    A process that is not a child, such as a script that was started separately, must itself set
    its `authkey` to the manager's key before it receives a proxy.
    """
    shown("wrong-authkey/through_queue", 'SyncManager(authkey=b"spring")', "digest sent was rej")
    with SyncManager() as manager:
        tickets = manager.list()
        _send_to_a_child(tickets)
        assert list(tickets) == ["child"]
    with SyncManager(authkey=KEY) as manager:
        tickets = manager.list(["script"])
        pickled = pickle.dumps(tickets)
        with raises(AuthenticationError):
            pickle.loads(pickled)
        with _process_key(KEY):
            assert list(pickle.loads(pickled)) == ["script"]


def in_a_pool() -> None:
    """In a pool, the worker fails while it unpickles the task; the manager's page says what you
    see then.
    """
    shown("wrong-authkey/through_queue", "proxies.get()", "digest sent was rejected")
    with SyncManager(authkey=KEY) as manager:
        tickets = manager.list()
        with Pool(1) as pool:
            (worker,) = pool._pool  # type: ignore[attr-defined]
            pool.apply_async(_append_to, (tickets,))
            while worker in pool._pool:  # type: ignore[attr-defined]
                sleep(PAUSE)  # until it is replaced
        assert list(tickets) == []


def before_you_make_them() -> None:
    """Make the key that of the process before you make a manager, a pool or a `Process`, because
    each process gets its key when it is made, not when it starts:
    """
    shown("wrong-authkey/process_key", 'authkey = b"spring"\n', "SyncManager()", "['concert']")
    answers: SimpleQueue[bytes] = SimpleQueue()
    made_before = Process(target=_tell_key, args=(answers,))
    with _process_key(KEY):
        made_after = Process(target=_tell_key, args=(answers,))
        told = []
        for child in (made_before, made_after):
            child.start()
            told.append(answers.get())
            child.join()
    assert told == [current_process().authkey, KEY]


def in_a_client() -> None:
    """The same line helps in a client that has connected by address and sends its proxies through
    a queue to its own children.
    """
    with SyncManager(authkey=KEY) as server, _process_key(KEY):
        client = SyncManager(server.address)
        client.connect()
        tickets = client.list()
        _send_to_a_child(tickets)
        assert list(tickets) == ["child"]


def or_connect() -> None:
    """Or let it connect to the manager, and get the object there."""
    shown("remote-manager/smallest", "Client(address, key)", "client.points()[player] = result")
