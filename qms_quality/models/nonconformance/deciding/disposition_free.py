from odoo import fields, models
from odoo.fields import Command

from ...gate.transaction import Goods
from ...sentinel import trusted
from .disposition import PENDING

# Kinds after which the goods are used again, at once.
FREED = ("use_as_is", "return_production")
# Kinds after which they are gone, at once.
GONE = ("scrap", "downgrade")


class QmsDisposition(models.Model):
    """Goods that are used again: what the case holds of them ends, and only that.

    Goods that can't be told from the rest become a lot of their own, or go to a place
    of their own. What other documents hold stays held by them.
    """

    _inherit = "qms.disposition"

    ending_hold_ids = fields.Many2many(
        "qms.hold",
        "qms_disposition_ending_hold_rel",
        "disposition_id",
        "hold_id",
        string="Holds that End",
        readonly=True,
        copy=False,
    )

    # -- What is part of something -----------------------------------------------------

    def _get_parting_problems(self):
        """Return for the rows that free a part, and can't: ``{row: text}``.

        Goods that other rows take away before are no longer there by then: of
        proposals all of the case, of what is carried out those that are with it.
        """
        freed = self.filtered(lambda row: row._is_freed())
        if not freed:
            return {}
        # sudo: the other rows of the case count, whoever may see them
        cases = freed.sudo().nonconformance_id
        holds = cases._get_open_holds()
        totals = holds._get_inside_quantities()
        pending = cases.disposition_ids.filtered(lambda row: row.state in PENDING)
        texts = {}
        for row in freed:
            if row.is_separate and (row.tracking != "lot" or not row.lot_id):
                texts[row] = self.env._("only products tracked by lots can be split.")
            others = pending if row.state == "draft" else self
            for hold in holds.filtered(lambda hold, row=row: row._is_held_there(hold)):
                left = totals[hold] - sum(
                    other._get_freed_quantity()
                    for other in others
                    if row._leaves_with(other, hold)
                    and hold._covers(other._get_goods())
                )
                is_part = row.product_id.uom_id.compare(left, 0) > 0
                if is_part and (row.tracking != "lot" or not hold.lot_id):
                    texts[row] = row._get_parting_text(hold)
        return texts

    def _get_freed_quantity(self):
        """Return how much of the goods is carried out. Kinds may do less than all."""
        return self.quantity

    def _is_freed(self):
        """Tell whether the goods are used again."""
        return self.kind in FREED

    def _is_held_there(self, hold):
        """Tell whether a hold of the case covers the goods where they are freed."""
        row = self.sudo()
        goods = row._get_goods()
        if row.location_dest_id:
            goods = Goods(
                row.product_id,
                row.lot_id,
                row.location_dest_id,
                row.env["stock.package"],
            )
        return hold.res_id == row.nonconformance_id.id and hold._covers(goods)

    def _leaves_with(self, other, hold):
        """Tell whether ``hold`` is rid of the goods of ``other`` by then: they are
        gone, went elsewhere, or are freed alike."""
        if other == self or other.kind in GONE:
            return True
        return other.kind in FREED and (
            not other._is_held_there(hold)
            or self._get_freeing_key() == other._get_freeing_key()
        )

    def _get_parting_text(self, hold):
        if self.location_dest_id:
            return self.env._(
                "in %(place)s these goods would still be held, with others, by"
                " %(hold)s. Choose a place that the case doesn't hold.",
                place=self.sudo().location_dest_id.display_name,
                hold=hold.name,
            )
        return self.env._(
            "they are only part of what %(hold)s holds, and can't be told from the"
            " rest. Choose a place to take them to, or carry out what is decided on"
            " the rest together with it.",
            hold=hold.name,
        )

    # -- Freeing -----------------------------------------------------------------------

    def _free(self):
        """Free these goods, after they went to their new place.

        Where their holds end by rules about releasing, the rows stay in progress until
        that is done too.
        """
        goods, fresh = {}, self.env["qms.hold"].sudo()
        for row in self:
            before = row.nonconformance_id._get_open_holds()
            goods[row] = row._bring()
            if row.location_dest_id:
                fresh |= row._get_holds_on(goods[row]) - before
        for rows in self.grouped(lambda row: row._get_freeing_key()).values():
            rows._free_alike(goods, fresh)

    def _get_freeing_key(self):
        """Return what must be alike for goods of one lot to be freed together."""
        return (
            self.nonconformance_id,
            self.product_id,
            self.lot_id,
            self._get_status_afterwards(),
            self._get_customers(),
            self.is_separate and self,
        )

    def _get_holds_on(self, goods):
        """Return the open holds of the case on ``goods``, wherever they are by now."""
        case = self.nonconformance_id
        (holds,) = case._get_open_holds()._match_goods([goods])
        return holds

    def _free_alike(self, goods, fresh):
        """Free rows of one lot that get the same status.

        :param dict goods: where the goods of each row are by now
        :param fresh: holds that came with the goods: they cover nothing else that was
            held before
        """
        holds = {row: row._get_holds_on(goods[row]) for row in self}
        every = fresh.browse().union(*holds.values())
        totals = every._get_inside_quantities()
        partial = every.filtered(
            lambda hold: (
                hold not in fresh
                and hold.product_id.uom_id.compare(
                    totals[hold],
                    sum(
                        row._get_freed_quantity() for row in self if hold in holds[row]
                    ),
                )
                > 0
            )
        )
        if not (partial or self[:1].is_separate):
            self._end(every, [goods[row] for row in self])
        elif len(self) > 1:
            # one by one: each becomes a lot of its own, but what is left at last
            for row in self:
                row._free_alike(goods, fresh)
        else:
            self._end_apart(goods[self], partial)

    def _end_apart(self, goods, partial):
        """Make a lot of its own of the goods, and free that."""
        row = self
        child = goods.lot._qms_split(
            row._get_freed_quantity(),
            goods.location,
            package=goods.package,
            owner=row.owner_id,
        )
        trusted(row).child_lot_id = child
        goods = goods._replace(lot=child.sudo())
        row._end(row._get_holds_on(goods) - partial, [goods])

    def _end(self, holds, goods):
        """End holds of the case; first place what holds the goods afterwards.

        :param holds: that cover these goods and nothing else
        :param list goods: where they are, for each row
        """
        self._place_afterwards(holds, goods)
        holds._qms_stand_alone()
        reason = self._get_ending_reason()
        if self._is_agreed():
            holds._qms_do_release(reason)
        else:
            holds._release(reason)
        waiting = holds.filtered(lambda hold: hold.state == "open")
        if waiting:
            trusted(self).ending_hold_ids = waiting
        else:
            self._set_done()

    def _get_ending_reason(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return self.env._(
            "%(kind)s, decided in %(case)s",
            kind=kinds[self[:1].kind],
            case=self.nonconformance_id.name,
        )

    def _is_agreed(self):
        """Tell whether others approved these rows: the release isn't asked again."""
        approvals = self.env["qms.approval"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("action", "=", "approve"),
                ("state", "=", "used"),
            ]
        )
        return set(self.ids) <= set(approvals.mapped("res_id"))

    # -- What holds them afterwards ----------------------------------------------------

    def _get_customers(self):
        """Return the only customers who may get the goods; empty where all may."""
        return self.customer_ids

    def _get_status_afterwards(self):
        """Return the status that the goods get, empty where they are available."""
        status = self.status_id
        if not status and self._get_customers():
            status = status._get_by_xmlid("status_limited")
        return status if status and status._restricts() else status.browse()

    def _place_afterwards(self, holds, goods):
        row = self[:1]
        status = row._get_status_afterwards()
        if not status:
            return
        lot_wide = row.child_lot_id or "lot" in holds.mapped("scope")
        scopes = {
            (
                one.lot.id,
                not lot_wide and not one.package and one.location.id,
                not lot_wide and one.package.id,
            )
            for one in goods
        }
        self.env["qms.hold"]._place(
            [
                {
                    **row._prepare_hold_afterwards(status),
                    "product_id": row.product_id.id,
                    "lot_id": lot_id,
                    "location_id": location_id,
                    "package_id": package_id,
                }
                for lot_id, location_id, package_id in scopes
            ],
            exact=True,
        )

    def _prepare_hold_afterwards(self, status):
        """Return the values of a hold on goods that were freed, without the goods."""
        self.ensure_one()
        return {
            "status_id": status.id,
            "reason": self.reason or self._get_ending_reason(),
            "res_model": self._name,
            "res_id": self.id,
            "company_id": self.company_id.id,
            "allowed_partner_ids": [Command.set(self._get_customers().ids)],
        }

    # -- Holds that had to be approved -------------------------------------------------

    def _follow_released(self):
        """Close the rows that only waited for the release of their holds."""
        for row in self.filtered(lambda row: row.state == "in_progress"):
            if not row.ending_hold_ids.filtered(lambda hold: hold.state == "open"):
                row._set_done()

    # -- Bringing them to their place --------------------------------------------------

    def _bring(self):
        """Take the goods to their new place, if there is one.

        :return: :class:`Goods`, where they are then
        """
        self.ensure_one()
        place = self.location_dest_id
        if not place:
            return self._get_goods()
        picking = self._make_transfer(self.location_id.warehouse_id.int_type_id, place)
        self._post_transfer(picking)
        package = picking.move_line_ids.result_package_id
        return self._get_goods()._replace(location=place, package=package)
