"""Short programs for the rule ctrl-c."""

START = """import sys
from multiprocessing import Pool, Process

def work(tasks):
    while True:
        try:
            print(tasks.get())
"""
END = """
def main(tasks):
    Process(target=work, args=(tasks,)).start()"""

FOUND: tuple[str, ...] = (
    START
    + """        except:  # here
            print("failed")
"""
    + END,
    START
    + """        except ValueError:
            break
        except BaseException as error:  # here
            print(error)
"""
    + END,
    """from multiprocessing import Pool

def read(paths):
    for path in paths:
        try:
            open(path).read()
        except:  # here
            pass

def work(paths):
    read(paths)

def main(paths):
    with Pool() as pool:
        pool.map(work, paths)""",
)

RIGHT: tuple[str, ...] = (
    *(
        f"{START}        {handlers}\n{END}"
        for handlers in (
            "except Exception:\n            pass",
            "except (OSError, ValueError):\n            pass",
            "except:\n            raise",
            "except:\n            break",
            "except:\n            return",
            "except:\n            sys.exit(1)",
            "except KeyboardInterrupt:\n            break\n        except:\n            pass",
        )
    ),
    START
    + """        except:
            pass

work([])""",
    """from multiprocessing import Process

def work(path):
    try:
        open(path).read()
    except:
        pass

def main(paths):
    Process(target=work, args=paths).start()""",
    """import contextlib
from multiprocessing import Process

try:
    import fast
except:
    fast = None

def main():
    while True:
        Process(target=lambda: 0).start()""",
)
