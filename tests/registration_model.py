"""What registering components should do, worked out without the addons."""

from dataclasses import dataclass, field

MOTORS = 5
# a substitute for a motor
SPARE = "MOT-S"
OILS = 2
OIL_EACH = 2
PUMPS = 3


@dataclass
class Pump:
    """A finished serial number, and what went into it: ``{lot name: quantity}``."""

    is_done: bool = False
    is_bad: bool = False
    parts: dict = field(default_factory=dict)

    def put(self, lot, quantity):
        """Put more of a lot in, or take some out."""
        self.parts[lot] = self.parts.get(lot, 0) + quantity
        if not self.parts[lot]:
            del self.parts[lot]

    def oil(self):
        """Return how much oil it has."""
        return sum(q for name, q in self.parts.items() if name.startswith("OIL"))


class Registrations:
    """One order of three pumps, each with a motor and two litres of oil."""

    def __init__(self, oil_stock):
        self.pumps, self.history = {}, []
        self.stock = {f"OIL-{n}": oil_stock for n in range(OILS)}
        self.stock |= {f"MOT-{n}": 1 for n in range(MOTORS)} | {SPARE: 1}

    def free(self, lot):
        """Return what is left of a lot."""
        used = sum(pump.parts.get(lot, 0) for pump in self.pumps.values())
        return self.stock[lot] - used

    def scan_product(self, name):
        """Return the outcome of scanning a finished number."""
        pump = self.pumps.get(name)
        if pump:
            return "refused" if pump.is_done else "selected"
        if len(self.pumps) >= PUMPS:
            return "refused"
        self.pumps[name] = Pump()
        self.history.append((name, None, None))
        return "accepted"

    def scan_component(self, name, lot, quantity):
        """Return the outcome of scanning a component."""
        pump = self.pumps.get(name)
        if not pump or pump.is_done or self.free(lot) < quantity:
            return "refused"
        if lot.startswith("MOT"):
            if any(part.startswith("MOT") for part in pump.parts):
                return "refused"
        elif pump.oil() + quantity > OIL_EACH:
            return "refused"
        pump.put(lot, quantity)
        self.history.append((name, lot, quantity))
        return "accepted"

    def undo(self):
        """Return the outcome of undoing the last scan."""
        while self.history:
            name, lot, quantity = self.history[-1]
            pump = self.pumps.get(name)
            if not pump or pump.is_done:
                self.history.pop()
                continue
            if lot is None:
                if pump.parts:
                    return "refused"
                del self.pumps[name]
            else:
                pump.put(lot, -quantity)
            self.history.pop()
            return "undone"
        return "refused"

    def forget(self, name, lot, quantity):
        """Note that a scan was adjusted, and can't be undone as it was."""
        # what is done was passed over by an undo, and isn't there any more
        if (name, lot, quantity) in self.history:
            self.history.remove((name, lot, quantity))

    def move(self, lot, quantity, name, other):
        """Move what is in one pump to another."""
        self.pumps[name].put(lot, -quantity)
        self.pumps[other].put(lot, quantity)

    def remove(self, name):
        """Remove a finished number, where that can be."""
        if name not in self.pumps or self.pumps[name].is_done:
            return False
        del self.pumps[name]
        self.history = [one for one in self.history if one[0] != name]
        return True

    def report(self, name):
        """Report a finished number, where that can be."""
        pump = self.pumps.get(name)
        if not pump or pump.is_done:
            return False
        pump.is_done = True
        return True

    def consumed(self):
        """Return ``{(lot, pump): quantity}`` of what is posted."""
        return {
            (lot, name): quantity
            for name, pump in self.pumps.items()
            if pump.is_done
            for lot, quantity in pump.parts.items()
        }
