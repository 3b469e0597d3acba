"""What the processes of the tour do. Keep it beside the notebook."""


def count_visitors(total, visitors):
    for _ in range(visitors):
        with total.get_lock():
            total.value += 1


def warm_up(degrees):
    for room in range(len(degrees)):
        degrees[room] += 1.5


def price(orders, prices):
    while (order := orders.get()) is not None:
        prices.put((order, order * 10))


def rate(ratings, film, stars):
    ratings[film] = stars


def square(number):
    return number * number
