"""Short programs for the rule killed-worker."""

FOUND: tuple[str, ...] = (
    """from multiprocessing import Pool

def work(number):
    if number > 3:
        raise SystemExit  # here
    if number > 2:
        raise SystemExit(1)  # here
    try:
        raise SystemExit
    except SystemExit:
        raise ValueError
    raise

with Pool() as pool:
    pool.map(work, [1])
""",
    """import os
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Pool

def work(number):
    if number > 3:
        sys.exit(1)  # here
    stop()

def stop():
    try:
        exit()  # here
    except ValueError:
        os._exit(1)  # here

def task(number):
    if number > 3:
        quit()  # here
    try:
        os._exit(1)  # here
    except SystemExit:
        print("not reached")

with Pool() as pool:
    pool.map(work, [1])
with ProcessPoolExecutor() as executor:
    executor.submit(task, 1)
    executor.submit(stop)
""",
)

RIGHT: tuple[str, ...] = (
    """import sys
from multiprocessing import Pool, Process

def work(number):
    try:
        sys.exit(1)
    except SystemExit:
        print("goes on")
    try:
        sys.exit(1)
    except:
        print("goes on")

def end():
    sys.exit(1)

with Pool() as pool:
    pool.map(work, [1])
Process(target=end).start()
sys.exit()
""",
)
