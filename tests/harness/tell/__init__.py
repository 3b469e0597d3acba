"""Tells readers what was checked: results of the tests, and the stamps made of them."""
