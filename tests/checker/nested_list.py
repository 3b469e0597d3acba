"""Short programs for the rule nested-list."""

START = """from multiprocessing import Manager

with Manager() as manager:
    orders = manager.dict()
    names = manager.list()
    state = manager.Namespace()
"""

FOUND: tuple[str, ...] = (
    START + "    orders['apple'].append('Ada')  # here\n",
    START + "    orders['apple']['Ada'] = 1  # here\n",
    START + "    names[0][1] += 1  # here\n",
    START + "    names[0].sizes[1][2] = 1  # here\n",
    START + "    del names[0][1]  # here\n",
    START + "    state.names.append('Ada')  # here\n",
    START + "    apples = orders['apple']\n    apples.append('Ada')  # here\n",
    START + "    for name in names:\n        name['first'] = 'Ada'  # here\n",
    START
    + """    orders["pear"] = manager.list()
    orders["pear"].append("Ada")
    orders["apple"].append("Ada")  # here
""",
    START
    + """    both = manager.list([[], manager.list()])
    both[1].append("Ada")
    both[0].append("Ada")  # here
    more = manager.dict({"apple": [], "pear": manager.list()})
    more["pear"].append("Ada")
""",
)

RIGHT: tuple[str, ...] = (
    START + "    orders['apple'] = manager.list()\n    orders['pear'] = manager.dict()\n",
    START + "    orders['apple'] += ['Ada']\n    state.number = 1\n    orders.update(apple=[])\n",
    START
    + """    inner = manager.list()
    for name in "ab":
        orders[name] = inner
    orders["apple"].append("Ada")
    names.append(manager.dict(apple=1))
    names[0].update(apple=2)
    more = manager.list([manager.list() for _ in range(3)])
    more[0].append("Ada")
    apples = manager.dict(apple=manager.list())
    apples["apple"].append("Ada")
    state.names = manager.list()
    state.names.append("Ada")
""",
    "names = {}\nnames['apple'].append(1)\nnames['pear'].size = 1\n",
    START + "    apples = orders['apple']\n    apples.append(1)\n    orders['apple'] = apples\n",
    START + "    for name in names:\n        name['first'] = 'Ada'\n        print(name)\n",
    START + "    for name in orders:\n        name['first'] = 'Ada'\n",
    "def work(name):\n    name['first'] = 'Ada'\n    with open('a') as log:\n        log.size = 1",
    START
    + "    print('Ada')\n    apples = make()\n    apples.append('Ada')\n    pears[0] = pears\n",
    START
    + """    settings = {"orders": orders, "sizes": {}}
    settings["sizes"]["apple"] = []
    settings["sizes"]["apple"].append(1)
    settings[name]["apple"].append(1)
    more = {**settings, "orders": orders}
    more["sizes"]["apple"].append(1)
    sizes = more[name]
    sizes["apple"].append(1)
    both = orders if sizes else {}
    both["apple"].append(1)
""",
)
