"""What the shop sells."""

from django.db import models


class Item(models.Model):
    """An item has a name and a price."""

    name = models.CharField(max_length=20)
    price = models.IntegerField()
