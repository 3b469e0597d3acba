"""Short programs for the rule context-already-set."""

START = """from multiprocessing import Lock, Pool, get_start_method, set_start_method

"""

FOUND: tuple[str, ...] = (
    START + """set_start_method("spawn")  # here""",
    START
    + """def main():
    set_start_method("spawn")  # here

if __name__ == "__main__":
    set_start_method("spawn")
    main()""",
    START
    + """lock = Lock()
if __name__ == "__main__":
    set_start_method(method="forkserver")  # here""",
)

RIGHT: tuple[str, ...] = (
    START
    + """if __name__ == "__main__":
    set_start_method("spawn")
    lock = Lock()""",
    START + """set_start_method("fork")""",
    START + """set_start_method("spawn", force=True)""",
    START
    + """try:
    set_start_method("spawn")
except RuntimeError:
    pass""",
    START
    + """if get_start_method(allow_none=True) is None:
    set_start_method("spawn")""",
    START
    + """def main(quick):
    if quick:
        set_start_method("fork")
    else:
        set_start_method("spawn")

main(True)""",
    START
    + """def main():
    print(get_start_method(allow_none=True))

if __name__ == "__main__":
    main()
    main()
    set_start_method("spawn")""",
)
