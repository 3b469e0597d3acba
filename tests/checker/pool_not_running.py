"""Short programs for the rule pool-not-running."""

HEAD = """from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Pool

"""

FOUND = tuple(
    HEAD + text
    for text in (
        """
with Pool() as pool:
    pool.map(abs, [1])
pool.map(abs, [1])  # here
""",
        """
def main():
    executor = ProcessPoolExecutor()
    executor.submit(abs, 1)
    executor.shutdown()
    executor.submit(abs, 1)  # here
""",
        """
pool = Pool()
with pool:
    results = [pool.apply_async(abs, [number]) for number in range(3)]
for result in results:  # here
    print(result.get())
""",
        """
results = []
with Pool() as pool:
    for number in range(3):
        results.append(pool.apply_async(abs, [number]))
print([result.get() for result in results])  # here
""",
        """
with Pool() as pool:
    for number in range(3):
        pool.apply_async(abs, [number])  # here
""",
    )
)

RIGHT = tuple(
    HEAD + text
    for text in (
        """
with Pool() as pool, open("numbers") as file:
    results = pool.map_async(abs, [1])
    print(results.get())
print(results)
with Pool() as pool:
    pool.map(abs, [1])
pool = Pool()
pool.map(abs, [1])
pool.close()
if again:
    pool = Pool()
    pool.map(abs, [1])
file.map(abs)
""",
        """
with Pool() as pool:
    results = pool.map_async(abs, [1])
    pool.close()
    pool.join()
print(results.get())
""",
        """
with Pool() as pool:
    for number in range(3):
        pool.apply_async(abs, [number])
        time.sleep(1)
with Pool() as pool:
    pool.apply_async(abs, [1])
    show(pool.imap(abs, [1]))
    other.map_async(abs, [1])
    result = pool.map_async(abs, [1])
    print("end")
with ProcessPoolExecutor() as executor:
    executor.map(abs, [1])
pools[0].close()
""",
    )
)
