"""Short programs for the rule unseen-error."""

FOUND: tuple[str, ...] = (
    """from multiprocessing import Pool

def work(number):
    print(1 / number)

def main():
    with Pool() as pool:
        pool.apply_async(work, [1])  # here
        [pool.apply_async(work, [number]) for number in range(3)]  # here
        results = []
        for number in range(3):
            results.append(pool.apply_async(work, [number]))  # here
        result = pool.imap(work, [1])  # here
        pool.close()
        pool.join()
""",
    """from concurrent.futures import ProcessPoolExecutor

with ProcessPoolExecutor() as executor:
    executor.map(print, [1])  # here
    executor.submit(print, 1)  # here
""",
)

FOUND += (
    """from concurrent.futures import ProcessPoolExecutor, as_completed, wait
from multiprocessing import Pool

with ProcessPoolExecutor() as executor:
    futures = [executor.submit(print, number) for number in range(3)]  # here
    wait(futures)
    futures = {executor.submit(print, number): number for number in range(3)}  # here
    for future in as_completed(futures):
        print("one more")

results = []
with Pool() as pool:
    results.append(pool.apply_async(print, [1]))  # here
    for result in results:
        result.wait()
""",
)

RIGHT: tuple[str, ...] = (
    """from multiprocessing import Pool

def careful(number):
    \"\"\"Catches everything.\"\"\"
    try:
        print(1 / number)
    except Exception as error:
        print(error)

def anything(number):
    try:
        print(1 / number)
    except:
        print("failed")

def main():
    with Pool() as pool:
        pool.apply_async(print, [1], error_callback=print)
        pool.apply_async(careful, [1])
        pool.apply_async(anything, [1])
        pool.map(print, [1])
        results = [pool.apply_async(print, [number]) for number in range(3)]
        for result in results:
            result.get()
        for number in range(3):
            result = pool.apply_async(print, [number])
            kept.append(result)
        return pool.map_async(print, [1])

with Pool() as pool:
    results = pool.map_async(print, [1])
    for result in zip(results, results):
        print(result)
    everything[0] = pool.map_async(print, [1])
    print(pool.imap(print, [1]))
""",
)
