"""A context variable that the parent has set, read in a worker."""

from concurrent.futures import ProcessPoolExecutor
from contextvars import ContextVar

tenant = ContextVar("tenant", default="nobody")


def bill(name=None):
    if name:
        tenant.set(name)
    return tenant.get()


def main():
    tenant.set("Ada")
    with ProcessPoolExecutor(1) as executor:
        print("Set before the start:", executor.submit(bill).result())
        tenant.set("Bob")
        print("Set later:", executor.submit(bill).result())
        passed = executor.submit(bill, tenant.get())
        print("Passed as an argument:", passed.result())


if __name__ == "__main__":
    main()
