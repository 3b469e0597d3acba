"""What a pipe says to bytes, sizes and places that are wrong."""

from multiprocessing import BufferTooShort, Pipe
from pickle import UnpicklingError

WRONG = (BufferTooShort, TypeError, UnpicklingError, ValueError)


def attempt(what, action):
    try:
        action()
    except WRONG as error:
        print(f"{what}: {type(error).__name__}: {error}")


def main():
    receiver, sender = Pipe(duplex=False)
    frame = bytearray(3)
    attempt("text", lambda: sender.send_bytes("abc"))
    attempt("offset -1", lambda: sender.send_bytes(frame, -1))
    attempt("offset 4", lambda: sender.send_bytes(frame, 4))
    attempt("size -1", lambda: sender.send_bytes(frame, 0, -1))
    attempt("size 4", lambda: sender.send_bytes(frame, 0, 4))
    attempt("maxlength -1", lambda: receiver.recv_bytes(-1))
    attempt("at -1", lambda: receiver.recv_bytes_into(frame, -1))
    attempt("at 4", lambda: receiver.recv_bytes_into(frame, 4))
    sender.send_bytes(b"\1\2\3")
    attempt("bytes, and recv()", receiver.recv)
    receiver.close()
    sender.close()


if __name__ == "__main__":
    main()
