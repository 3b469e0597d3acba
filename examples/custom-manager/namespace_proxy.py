"""A proxy class of ours that passes on attributes, too."""

from multiprocessing.managers import BaseManager, NamespaceProxy


class Thermostat:
    def __init__(self):
        self.target = 18

    def raise_by(self, degrees):
        self.target += degrees
        return self.target


class ThermostatProxy(NamespaceProxy):
    _exposed_ = ("__getattribute__", "__setattr__", "raise_by")

    def raise_by(self, degrees):
        return self._callmethod("raise_by", (degrees,))


class HouseManager(BaseManager):
    pass


HouseManager.register("Thermostat", Thermostat, ThermostatProxy)


def main():
    with HouseManager() as manager:
        thermostat = manager.Thermostat()
        thermostat.target = 21
        print("Raised to:", thermostat.raise_by(2))
        print("Target:", thermostat.target)


if __name__ == "__main__":
    main()
