"""One rule a file. Each has the name of its page; `check` yields what it finds in a program."""

from examples._checker.rules import main_guard, nested_list

RULES = [main_guard, nested_list]
