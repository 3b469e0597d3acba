"""A list in a list in a list ... is too deep for pickle."""

import pickle


def main():
    nested = []
    for _ in range(100_000):
        nested = [nested]
    try:
        pickle.dumps(nested)
    except RecursionError as error:
        print("RecursionError:", error)


if __name__ == "__main__":
    main()
