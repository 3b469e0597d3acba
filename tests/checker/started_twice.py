"""Short programs for the rule started-twice."""

FOUND: tuple[str, ...] = (
    """from multiprocessing import shared_memory

NAME = "picture"
block = shared_memory.SharedMemory(name=NAME, create=True, size=8)  # here
other = shared_memory.SharedMemory(name="other", create=True, size=8)
""",
    """from multiprocessing.shared_memory import SharedMemory

block = SharedMemory("picture", True, 8)  # here
""",
)

RIGHT: tuple[str, ...] = (
    """from multiprocessing.shared_memory import SharedMemory

try:
    block = SharedMemory("picture", True, 8)
except FileExistsError:
    block = SharedMemory("picture")
""",
    """from multiprocessing.shared_memory import SharedMemory

try:
    block = SharedMemory("picture", True, 8)
except:
    block = SharedMemory("picture")
""",
    """from multiprocessing.shared_memory import SharedMemory

block = SharedMemory(create=True, size=8)
block = SharedMemory(None, True, 8)
block = SharedMemory(f"picture-{number}", create=True, size=8)
block = SharedMemory("picture")
""",
)
