"""Short programs for the rule remote-manager."""

START = """from multiprocessing.connection import Client, Listener
from multiprocessing.managers import BaseManager

class Shop(BaseManager):
    pass

"""
LONG = "/" + 107 * "x"

FOUND: tuple[str, ...] = (
    f'{START}Listener("{LONG}")  # here',
    f'{START}Client(address="{LONG}")  # here',
    f'{START}path = "{LONG}"  # here\nBaseManager(path, b"key")',
    f'{START}number = 1\nListener(f"{LONG}{{number}}")  # here',
)

RIGHT: tuple[str, ...] = (
    f'{START}Listener("{LONG[:107]}")',
    f'{START}Listener(("127.0.0.1", 0))',
    f'{START}Listener(r"\\\\.\\pipe\\{LONG}")',
    f"{START}Listener()",
    f'{START}open("{LONG}")',
)
