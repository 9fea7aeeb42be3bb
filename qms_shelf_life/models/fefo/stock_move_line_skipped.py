from collections import Counter, defaultdict, namedtuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.qms_quality.models.number_text import format_quantity

from .criterion_fefo_judging import LEFT_OUT, LeftOut

# Stock that was passed over for a later lot, with how much of it is free.
Skipped = namedtuple("Skipped", "quant free")

# Movements for which lots are chosen.
IN_ORDER = {"delivery", "consumption", "internal", "transfer"}


class StockMoveLine(models.Model):
    """Which earlier lots are passed over.

    An earlier lot is one that expires on an earlier day, lies in the source location
    of the move, is free, may be used for it and meets what is required.
    """

    _inherit = "stock.move.line"

    @api.model
    def _qms_filter_in_order(self, movements):
        """Return the movements that have to take what expires first.

        Products without expiration dates cost no query.
        """
        return [
            movement
            for movement in movements
            if movement.product.use_expiration_date
            and movement.lot
            and not IN_ORDER.isdisjoint(movement.types)
            # sudo: a setting, for everyone
            and movement.line.move_id.picking_type_id.sudo().qms_fefo != "off"
            and movement.line.move_id.picking_type_id
            and movement.location.usage in ("internal", "transit")
        ]

    @api.model
    def _qms_find_skipped(self, movements, others):
        """Return what each movement passes over, the earliest first.

        A constant number of queries where nothing is, however many movements.

        :param list movements: of :class:`Movement` that have to take what expires first
        :param others: open ``stock.move.line`` whose goods count as free
        :return: ``{Movement: [Skipped]}``
        """
        quants = self._qms_get_earlier(movements)
        released = _count(others)
        asked = {
            movement: [
                Skipped(quant, free)
                for quant in quants
                if movement.line._qms_passes_over(movement, quant)
                and (free := _get_free(quant, released)) > 0
            ]
            for movement in movements
        }
        asked = {movement: some for movement, some in asked.items() if some}
        fitting = self._qms_get_fitting(asked)
        found = {
            movement: [one for one in some if one.quant in fitting[movement]]
            for movement, some in asked.items()
        }
        return {movement: some for movement, some in found.items() if some}

    @api.model
    def _qms_get_earlier(self, movements):
        """Return stock at the sources that expires, the first to expire first."""
        # sudo: all stock counts, whoever moves goods
        quants = self.env["stock.quant"].sudo()
        if not movements:
            return quants
        sources = self.env["stock.location"].union(
            *(one.line.move_id.location_id for one in movements)
        )
        domain = (
            Domain("product_id", "in", list({one.product.id for one in movements}))
            & Domain("location_id", "child_of", sources.ids)
            & Domain("quantity", ">", 0)
            & Domain("expiration_date", "!=", False)
        )
        if all(one.lot.expiration_date for one in movements):
            last = max(one.lot.expiration_date for one in movements)
            domain &= Domain("expiration_date", "<", last)
        return quants.search(domain, order="expiration_date, id")

    def _qms_passes_over(self, movement, quant):
        """Tell whether a quant goes before what this line takes, and could be had."""
        move = self.move_id
        lot = movement.lot
        origins = move.move_orig_ids.filtered(lambda one: one.state != "cancel")
        return (
            quant.product_id == movement.product
            and quant.lot_id != lot
            and quant.owner_id == self.owner_id
            and move.location_id._qms_covers(quant.location_id)
            and self._qms_expires_before(quant, lot, movement.location)
            # core doesn't reserve what is to be taken out of stock by then
            and not (
                quant.removal_date
                and quant.removal_date < max(fields.Datetime.now(), move.date)
            )
            # a later step has what the steps before brought
            and (not origins or quant.lot_id in origins.move_line_ids.lot_id)
        )

    def _qms_expires_before(self, quant, lot, location):
        """Tell whether a quant goes before a lot, by the day and as core sorts them."""
        if not lot.expiration_date:
            return True
        warehouse = location.warehouse_id
        days = map(warehouse._qms_get_day, (quant.expiration_date, lot.expiration_date))
        first, second = days
        removals = (quant.removal_date, lot.removal_date)
        return first < second and (not all(removals) or removals[0] <= removals[1])

    @api.model
    def _qms_get_fitting(self, asked):
        """Return ``{Movement: quants}`` of what could be taken instead.

        :param dict asked: ``{Movement: [Skipped]}``
        """
        if not asked:
            return {}
        moves = self.env["stock.move"].union(*(one.line.move_id for one in asked))
        # what these have posted themselves isn't of before
        moves = moves.sudo()
        left_out = {LEFT_OUT: LeftOut(moves)}
        moves = moves.with_context(**left_out)._qms_with_steering()
        quants_of = defaultdict(lambda: self.env["stock.quant"].sudo())
        for movement, some in asked.items():
            quants_of[movement.line.move_id.id] |= quants_of.default_factory().union(
                *(one.quant for one in some)
            )
        fitting = {}
        for alike in moves._qms_group_for_gate():
            quants = quants_of.default_factory().union(
                *(quants_of[move.id] for move in alike)
            )
            quants = quants.with_env(moves.env)
            blocks, keys = quants._qms_get_blocks(alike), alike._qms_get_gate_keys()
            for move in alike:
                free = quants_of[move.id].filtered(
                    lambda one, refused=blocks[keys[move]]: not refused.get(one)
                )
                fitting[move.id] = move._qms_filter_preferred(free)
        return {one: fitting[one.line.move_id.id] for one in asked}

    # -- For people --------------------------------------------------------------------

    @api.model
    def _qms_get_skipped_text(self, movement, skipped):
        """Return what is passed over for a lot, in one line."""
        uom = movement.product.uom_id
        moves = self.env["stock.move"]
        warehouse = movement.location.warehouse_id
        found = [
            self.env._(
                "%(lot)s (expires on %(date)s, %(quantity)s %(uom)s free in %(place)s)",
                lot=one.quant.lot_id.name,
                date=format_date(
                    self.env, warehouse._qms_get_day(one.quant.expiration_date)
                ),
                quantity=format_quantity(moves.env, one.free),
                uom=uom.name,
                place=one.quant.location_id.display_name,
            )
            for one in skipped[:3]
        ]
        return self.env._(
            "%(product)s · %(lot)s is taken before %(earlier)s",
            product=movement.product.display_name,
            lot=movement.lot.name,
            earlier=", ".join(found),
        )


class StockMove(models.Model):
    _inherit = "stock.move"

    def _qms_filter_preferred(self, quants):
        """Return those of ``quants`` that also meet what is only recorded."""
        preferred = self._qms_get_preferred_domain() if quants else None
        if preferred is None:
            return quants
        domain = Domain("id", "in", quants.ids) & preferred
        return quants.search(domain)


def _count(lines):
    """Return ``Counter`` of goods by product, place, lot, package and owner."""
    counted = Counter()
    for line in lines:
        key = (line.product_id, line.location_id, line.lot_id, line.package_id)
        counted[*(one.id for one in key), line.owner_id.id] += line.quantity_product_uom
    return counted


def _get_free(quant, released):
    key = (quant.product_id, quant.location_id, quant.lot_id, quant.package_id)
    more = released[*(one.id for one in key), quant.owner_id.id]
    free = min(quant.quantity - quant.reserved_quantity + more, quant.quantity)
    return quant.product_uom_id.round(free)
