"""submit and as_completed: each result, or error, when it is there."""

from concurrent.futures import ProcessPoolExecutor, as_completed


def main():
    texts = ["9.50", "free", "12"]
    prices = {}
    errors = {}
    with ProcessPoolExecutor(max_workers=2) as executor:
        futures = {executor.submit(float, text): text for text in texts}
        for future in as_completed(futures):
            text = futures[future]
            try:
                prices[text] = future.result()
            except ValueError as error:
                errors[text] = str(error)
    print("Prices:", sorted(prices.items()))
    print("Errors:", errors)


if __name__ == "__main__":
    main()
