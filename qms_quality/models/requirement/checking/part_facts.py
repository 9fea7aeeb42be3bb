"""Facts of some goods that were read together with those of others."""

from ..card.goods_facts import GoodsFacts

# What is known of lots, by lot; and what is listed, one for each of the goods.
BY_LOT = (
    "values",
    "pending",
    "inspected",
    "to_inspect",
    "certificates",
    "confirmations",
)
BY_GOODS = ("statuses", "package_types")


class WholeFacts(GoodsFacts):
    """All goods of one call, of which parts are judged by criteria of their own."""

    def __init__(self, env, goods, **kwargs):
        super().__init__(env, dict.fromkeys(goods), **kwargs)
        self.places = {one: place for place, one in enumerate(self.goods)}

    def part(self, goods):
        """Return the facts of some of the goods, which are read for all of them."""
        return PartFacts(self, goods)


class PartFacts(GoodsFacts):
    """Some of the goods of a whole."""

    def __init__(self, whole, goods):
        super().__init__(whole.env, goods, whole.partner, whole.given_date, whole.moves)
        self.whole = whole


def _by_lot(name):
    return property(lambda part: getattr(part.whole, name))


def _by_goods(name):
    def get(part):
        known = getattr(part.whole, name)
        return [known[part.whole.places[one]] for one in part.goods]

    return property(get)


for _name in BY_LOT:
    setattr(PartFacts, _name, _by_lot(_name))
for _name in BY_GOODS:
    setattr(PartFacts, _name, _by_goods(_name))
