"""What workers do for the shop: a module that imports models, as yours does."""

from _shop.models import Item


def price_with_tax(item: Item) -> int:
    """The price of an item, with 20% tax."""
    price: int = item.price
    return price * 120 // 100
