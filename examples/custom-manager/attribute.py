"""A proxy has the public methods of the object, and no attributes."""

from multiprocessing.managers import BaseManager


class Thermostat:
    def __init__(self):
        self.target = 18

    def get_target(self):
        return self.target


class HouseManager(BaseManager):
    pass


HouseManager.register("Thermostat", Thermostat)


def main():
    with HouseManager() as manager:
        thermostat = manager.Thermostat()
        print("By a method:", thermostat.get_target())
        try:
            print(thermostat.target)
        except AttributeError as error:
            print("AttributeError:", error)
        thermostat.target = 21
        print("Set on the proxy:", thermostat.get_target())


if __name__ == "__main__":
    main()
