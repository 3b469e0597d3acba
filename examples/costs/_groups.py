"""All groups of cases."""

from _case import Group
from advice import GROUP as ADVICE
from arrays import GROUP as ARRAYS
from contention import GROUP as CONTENTION
from messages import GROUP as MESSAGES
from starts import GROUP as STARTS
from updates import GROUP as UPDATES

GROUPS: dict[str, Group] = {
    group.name: group for group in (UPDATES, MESSAGES, ARRAYS, STARTS, CONTENTION, ADVICE)
}
