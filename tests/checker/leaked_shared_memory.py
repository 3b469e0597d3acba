"""Short programs for the rule leaked-shared-memory."""

FOUND: tuple[str, ...] = (
    """from multiprocessing import Process, shared_memory

block = shared_memory.SharedMemory(create=True, size=8)  # here
block.buf[0] = 1
Process(target=work, args=(block,)).start()
Process(target=work, args=(block.name,)).start()
block.close()
""",
    """from multiprocessing.shared_memory import SharedMemory

def main():
    block = SharedMemory("picture", True, 8)  # here
    print(block.name)
    name = block.name
    attach(name=block.name)
    other = SharedMemory(block.name)
    start(block)

def start(block):
    block.close()

def attach(name):
    print(name)
""",
)

RIGHT: tuple[str, ...] = (
    """from multiprocessing.shared_memory import SharedMemory

block = SharedMemory(create=True, size=8)
block.close()
block.unlink()
""",
    """from multiprocessing.managers import SharedMemoryManager
from multiprocessing.shared_memory import SharedMemory

class Picture:
    def __init__(self):
        self.block = SharedMemory(create=True, size=8)

def attach(name):
    return SharedMemory(name)

def make():
    block = SharedMemory(create=True, size=8)
    return block

def other():
    block = SharedMemory(create=True, size=8)
    remove(block)

def named():
    block = SharedMemory(create=True, size=8)
    connection.send(block.name)

def named_too():
    block = SharedMemory(create=True, size=8)
    Popen(args=block.name)

def listed():
    block = SharedMemory(create=True, size=8)
    return [block]

def untracked():
    block = SharedMemory(create=True, size=8, track=False)

with SharedMemoryManager() as manager:
    block = manager.SharedMemory(8)
    maybe = SharedMemory(create=new, size=8)
""",
)
