"""Short programs for the rule closed-shared-memory."""

HEAD = """import numpy as np
from struct import iter_unpack
from multiprocessing.shared_memory import SharedMemory

"""

FOUND = tuple(
    HEAD + text
    for text in (
        """
def work(name):
    block = SharedMemory(name)
    array = np.ndarray((3,), buffer=block.buf[8:])
    block.close()
    print(array.sum())  # here
""",
        """
block = SharedMemory("picture")
array = np.frombuffer(block.buf, dtype="q").reshape(2, 3)
print(array)
block.close()  # here
""",
        """
def work(name):
    block = SharedMemory(name)
    row, numbers = 1, iter_unpack("i", block.buf)
    row = memoryview(block.buf)
    try:
        print(row[0])
    finally:
        block.close()  # here
""",
        """
block = SharedMemory("picture")
block.close()
print(block.buf[0])  # here
print(block.buf[1])
""",
        """
def attach(name):
    block = SharedMemory(name)
    return np.ndarray((3,), "q", block.buf)  # here

def attach_too(name):
    block = SharedMemory(name)
    array = np.frombuffer(block.buf)  # here
    return array

class Picture:
    def __init__(self, name):
        block = SharedMemory(name)
        self.array = np.ndarray((3,), buffer=block.buf)  # here

def start_worker(name):
    global array
    block = SharedMemory(name)
    array = np.ndarray((3,), buffer=block.buf)  # here
""",
        """
array = np.ndarray((3,), buffer=SharedMemory("picture").buf)  # here
print(array)
""",
        """
block = SharedMemory("picture")
block = np.ndarray((3,), buffer=block.buf)  # here
print(block)
""",
    )
)

RIGHT = tuple(
    HEAD + text
    for text in (
        """
def work(name):
    block = SharedMemory(name)
    array = np.ndarray((3,), buffer=block.buf)
    total = array.sum()
    block.close()
    print(total)
    array = None
    print(array)
""",
        """
def work(name):
    block = SharedMemory(name)
    array = np.frombuffer(block.buf)
    other = np.ndarray((3,))
    rows.first = block.buf[2:3]
    print(array)
    del array
    row = block.buf[2:4]
    row.release()
    numbers = []
    numbers[:] = block.buf[0]
    print(bytes(block.buf[:2]))
    block.close()
    block = SharedMemory("other")
    print(block.buf[0])
    array = np.frombuffer(block.buf)
""",
        """
def attach(name):
    block = SharedMemory(name)
    return block, np.ndarray((3,), buffer=block.buf)

def keep(name):
    global block
    block = SharedMemory(name)
    return np.ndarray((3,), buffer=block.buf)

def copy(name):
    block = SharedMemory(name)
    array = np.ndarray((3,), buffer=block.buf)
    return array.copy()

def given(block):
    return np.ndarray((3,), buffer=block.buf)

def closed(name):
    block = SharedMemory(name)
    array = np.frombuffer(block.buf)
    del array
    block.close()
    return array

given(SharedMemory("picture"))
print(bytes(SharedMemory("picture").buf[:3]))
block = SharedMemory("picture")
array = np.ndarray((3,), buffer=block.buf)
blocks.append(block)
block = np.ndarray((3,), buffer=block.buf)
""",
    )
)
