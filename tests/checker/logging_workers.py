"""Short programs for the rule logging-workers."""

FOUND: tuple[str, ...] = (
    """import logging
from multiprocessing import Process

def work():
    logging.info("begins")

if __name__ == "__main__":
    logging.basicConfig(level="INFO")  # here
    Process(target=work).start()
""",
    """import logging
from concurrent.futures import ProcessPoolExecutor

logger = logging.getLogger("shop")

def work():
    logger.error("fails")

def main():
    logger.addHandler(logging.StreamHandler())  # here
    with ProcessPoolExecutor() as executor:
        executor.submit(work)

if __name__ == "__main__":
    main()
""",
)

RIGHT: tuple[str, ...] = (
    """import logging
from multiprocessing import Process

logging.basicConfig(level="INFO")

def work():
    logging.info("begins")

Process(target=work).start()
""",
    """import logging
from multiprocessing import Pool, Process

def work():
    logging.basicConfig(level="INFO")
    logging.info("begins")

def main():
    logging.basicConfig(level="INFO")
    Process(target=work).start()
""",
    """import logging
from multiprocessing import Pool
from setup import configure

def work():
    logging.info("begins")

def main():
    logging.basicConfig(level="INFO")
    with Pool(2, configure) as pool:
        pool.apply(work)
""",
    """import logging
from multiprocessing import Process

def work():
    set_up_logging()
    logging.info("begins")

def main():
    logging.basicConfig(level="INFO")
    Process(target=work).start()
""",
    """import logging
from multiprocessing import Process

def work():
    print("begins")

def main():
    logging.basicConfig(level="INFO")
    logging.info("begins")
    Process(target=work).start()
""",
    """import logging
from multiprocessing import Process

def work():
    logging.info("begins")

Process(target=work).start()
""",
)
