"""Without a main guard: the second error, which the parent gets."""

from multiprocessing import Manager

try:
    with Manager() as manager:
        print("The manager has started")
except (EOFError, ConnectionResetError) as error:
    print(f"{type(error).__name__}: {error}".rstrip(": "))
