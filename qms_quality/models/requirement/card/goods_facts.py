"""What is known of goods, read once for all criteria that ask about them."""

from collections import defaultdict, namedtuple
from datetime import datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cached_property

from odoo import fields

# What one criterion says of one of the goods. ``state``: met, departs, missing (not
# recorded) or pending (an open quality order will tell).
Judgement = namedtuple("Judgement", "criterion state expected found")

# One value of a lot: to compare with, and as people read it.
Value = namedtuple("Value", "value text")

NUMBERS = ("integer", "decimal")


# Conversions of units leave noise: 4100 g are 4.1000000000000005 kg.
DECIMALS = 9
_STEP = Decimal(1).scaleb(-DECIMALS)
# enough for the largest float
_EXACT = Context(prec=400, rounding=ROUND_HALF_UP)


def exact(number):
    """Return a float as the decimal number that people see, without noise."""
    return Decimal(repr(number or 0.0)).quantize(_STEP, context=_EXACT)


class GoodsFacts:
    """What criteria need to know of goods. Each fact is read when first asked for, for
    all goods in a constant number of queries.

    :param env: the environment; facts are the same whoever asks
    :param list goods: of :class:`~..gate.transaction.Goods`
    :param partner: ``res.partner`` the goods come from or go to
    :param date date: of posting; today if empty
    :param moves: ``stock.move`` that the goods are for, whose confirmations count; of
        all transfers if empty
    :param partners: ``res.partner`` that parts of these facts will be about
    """

    whole = None

    def __init__(self, env, goods, partner=None, date=None, moves=None, partners=None):
        self.env = env
        self.goods = list(goods)
        self.partner = (partner or env["res.partner"]).sudo().commercial_partner_id
        self.given_date = date
        self.date = date or fields.Date.context_today(env["qms.qrs"])
        self.moves = moves
        others = (partners or env["res.partner"]).sudo().commercial_partner_id
        self.partners = self.partner | others
        self.known = {}

    @cached_property
    def lots(self):
        return self._sudo("stock.lot").union(*(one.lot for one in self.goods))

    @cached_property
    def lot_ids(self):
        """For each of the goods the id of its lot, False without."""
        return [one.lot.id for one in self.goods]

    @cached_property
    def without_lots(self):
        """For each of the goods whether its product has no lots at all."""
        return [not one.lot and one.product.tracking == "none" for one in self.goods]

    def part(self, positions, partner=None):
        """Return the facts of some of the goods; nothing is read again.

        :param list positions: of the goods in ``goods``
        :param partner: whom they are for, where that isn't the same for all
        """
        is_whole = len(positions) == len(self.goods) and positions == sorted(positions)
        if is_whole and not partner:
            return self
        return _Part(self, positions, partner or self.partner)

    def remember(self, key, read):
        """Return what an add-on's criteria need to know, read once for all goods.

        :param key: what it is called
        :param read: callable that is given the facts of all goods
        """
        if self.whole:
            return self.whole.remember(key, read)
        if key not in self.known:
            self.known[key] = read(self)
        return self.known[key]

    def part_of(self, goods):
        """Return the facts of some of the goods, each of which is there once."""
        return self.part([self.places[one] for one in goods])

    @cached_property
    def places(self):
        """``{goods: position}``."""
        return {one: position for position, one in enumerate(self.goods)}

    def _sudo(self, model):
        # sudo: what is known of goods doesn't depend on who asks
        return self.env[model].sudo().with_context(active_test=False)

    # -- Attributes --------------------------------------------------------------------

    @cached_property
    def values(self):
        """``{attribute id: {lot id: Value}}`` of what is recorded."""
        values = defaultdict(dict)
        rows = self._sudo("qms.lot.attribute").search_fetch(
            [("lot_id", "in", self.lots.ids)]
        )
        for row in rows:
            value = get_typed_value(row)
            if value is not None:
                lots = values[row.attribute_id.id]
                lots[row.lot_id.id] = Value(value, row.value or str(value))
        return values

    @cached_property
    def pending(self):
        """``{attribute id: {lot id: quality order}}`` that will give the value."""
        tests = self._sudo("qms.quality.order.test")
        pending = defaultdict(dict)
        if "attribute_id" not in tests._fields:
            return pending
        open_tests = tests.search(
            [
                ("attribute_id", "!=", False),
                ("order_id.state", "in", ("draft", "open")),
                ("order_id.lot_ids", "in", self.lots.ids),
            ]
        )
        for test in open_tests:
            for lot in test.order_id.lot_ids:
                pending[test.attribute_id.id][lot.id] = test.order_id
        return pending

    # -- Holds -------------------------------------------------------------------------

    @cached_property
    def holds(self):
        """For each of the goods the open holds that cover it."""
        holds = self._sudo("qms.hold")
        covering = holds._get_covering(self.goods)
        holds.union(*covering).fetch(["provisional"])
        return covering

    @cached_property
    def statuses(self):
        """For each of the goods the statuses it is held in, or *Available*."""
        available = self._sudo("qms.inspection.status")._get_available()
        # what waits for a new lot's first goods says nothing of these
        return [
            holds.filtered(lambda hold: not hold.provisional).status_id or available
            for holds in self.holds
        ]

    @cached_property
    def status_values(self):
        """For each of the goods the ids of its statuses, and their names."""
        known = {}
        values = []
        for statuses in self.statuses:
            ids = statuses._ids
            if ids not in known:
                known[ids] = frozenset(ids), ", ".join(statuses.mapped("name"))
            values.append(known[ids])
        return values

    # -- Tests and certificates --------------------------------------------------------

    @cached_property
    def heirs(self):
        """``{lot id: {lot id: moment}}``: which of the lots are this one, or were split
        from it, and until when what was found out about it is true of them, too."""
        heirs = defaultdict(dict)
        for lot in self.lots:
            until, child = datetime.max, lot
            heirs[lot.id][lot.id] = until
            while parent := child.parent_lot_id:
                until = min(until, child.create_date)
                heirs[parent.id][lot.id] = until
                child = parent
        return heirs

    def _get_heirs(self, lots, moment):
        """Return the ids of the lots that something said of ``lots`` is true of."""
        return {
            lot_id
            for origin_id in lots.ids
            for lot_id, until in self.heirs.get(origin_id, {}).items()
            if moment <= until
        }

    @cached_property
    def inspected(self):
        """``{first version of a test group: {lot id: specification}}``, the last."""
        specs = self._sudo("qms.quality.order.spec").search(
            [
                ("order_id.state", "=", "validated"),
                ("order_id.lot_ids", "in", list(self.heirs)),
                ("verdict", "!=", False),
            ]
        )
        inspected = defaultdict(dict)
        for spec in specs.sorted(lambda one: (one.order_id.date_validated, one.id)):
            by_lot = inspected[get_first_version(spec.test_group_id)]
            by_lot.update(dict.fromkeys(self._get_inspected_lots(spec), spec))
        return inspected

    def _get_inspected_lots(self, spec):
        # what is split off while a lot is inspected is inspected with it
        return self._get_heirs(spec.order_id.lot_ids, spec.order_id.create_date)

    @cached_property
    def to_inspect(self):
        """``{first version: {lot id: quality order}}`` of orders that are open."""
        specs = self._sudo("qms.quality.order.spec").search(
            [
                ("order_id.state", "in", ("draft", "open")),
                ("order_id.lot_ids", "in", list(self.heirs)),
            ]
        )
        to_inspect = defaultdict(dict)
        for spec in specs:
            by_lot = to_inspect[get_first_version(spec.test_group_id)]
            by_lot.update(dict.fromkeys(self._get_inspected_lots(spec), spec.order_id))
        return to_inspect

    @cached_property
    def certificates(self):
        """``{lot id: certificate}`` that was issued, for the partner or for anyone."""
        goods = self._sudo("qms.certificate.goods").search(
            [
                ("lot_ids", "in", list(self.heirs)),
                ("certificate_id.state", "=", "issued"),
            ]
        )
        return {
            lot_id: certificate
            for one in goods
            if (certificate := one.certificate_id).partner_id.commercial_partner_id
            in (self.partner, self.partner.browse())
            for lot_id in self._get_heirs(one.lot_ids, certificate.create_date)
        }

    # -- Packages and confirmations ----------------------------------------------------

    @cached_property
    def packages(self):
        """For each of the goods its package, read together."""
        packages = self._sudo("stock.package")
        together = tuple({one.package.id for one in self.goods if one.package})
        return [
            packages.browse(one.package.id or ()).with_prefetch(together)
            for one in self.goods
        ]

    @cached_property
    def package_types(self):
        """For each of the goods the types of its package and of what contains it."""
        paths = [
            [int(id_) for id_ in (one.parent_path or "").split("/") if id_]
            for one in self.packages
        ]
        packages = self._sudo("stock.package")
        together = tuple({id_ for path in paths for id_ in path})
        return [
            packages.browse(path).with_prefetch(together).package_type_id
            for path in paths
        ]

    @cached_property
    def confirmations(self):
        """``{(criterion id, product id, lot number)}`` of what workers confirmed on
        transfers."""
        names = {one.lot.name for one in self.goods}
        domain = [("lot_name", "in", list(names))]
        if self.moves:
            domain.append(("picking_id", "in", self.moves.picking_id.ids))
        rows = self._sudo("qms.qrs.confirmation").search_fetch(domain)
        return {(row.criterion_id.id, row.product_id.id, row.lot_name) for row in rows}


def _by_lot(name):
    return property(lambda part: getattr(part.whole, name))


def _by_goods(name):
    def get(part):
        known = getattr(part.whole, name)
        return [known[position] for position in part.positions]

    return property(get)


class _Part(GoodsFacts):
    """Facts of some of the goods that others have the facts of."""

    def __init__(self, whole, positions, partner):
        goods = [whole.goods[position] for position in positions]
        super().__init__(whole.env, goods, partner, whole.given_date, whole.moves)
        self.whole = whole
        self.positions = positions

    lots = _by_lot("lots")
    values = _by_lot("values")
    pending = _by_lot("pending")
    inspected = _by_lot("inspected")
    to_inspect = _by_lot("to_inspect")
    certificates = _by_lot("certificates")
    confirmations = _by_lot("confirmations")
    holds = _by_goods("holds")
    statuses = _by_goods("statuses")
    status_values = _by_goods("status_values")
    packages = _by_goods("packages")
    package_types = _by_goods("package_types")


def get_first_version(group):
    """Return the id of the first version of a test group: what they have in common."""
    return (group.root_id or group).id


def get_typed_value(row):
    """Return what is compared of the value of a lot, None where it is empty."""
    if row.type in NUMBERS:
        return exact(row.value_number)
    if row.type == "boolean":
        return row.value_boolean
    value = {
        "text": "value_text",
        "date": "value_date",
        "option": "option_id",
        "country": "country_id",
    }[row.type]
    found = row[value]
    if row.type in ("option", "country"):
        found = found.id
    return found or None
