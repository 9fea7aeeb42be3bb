from odoo import fields, models

from odoo.addons.qms_quality.models.gate.transaction import INSIDE


class StockMoveLine(models.Model):
    """Goods that were posted under one number and are said to have another."""

    _inherit = "stock.move.line"

    def _qms_prepare_relabelled(self, arrival):
        """Return the values of the link from this line's lot to that of ``arrival``."""
        self.ensure_one()
        lot, lot_dest = self.lot_id, arrival.lot_id
        if self.product_id != arrival.product_id:
            kind = "relabel"
        else:
            kind = "split" if lot_dest.parent_lot_id == lot else "merge"
        return {
            **arrival._qms_prepare_renaming(lot, lot_dest, kind),
            "from_product_id": self.product_id.id,
            "quantity": self.quantity_product_uom,
            "from_line_id": self.id,
        }

    def _qms_prepare_renaming(self, lot, lot_dest, kind):
        """Return the values of the link between two numbers of this line's goods."""
        self.ensure_one()
        return {
            "res_model": self.move_id._name,
            "res_id": self.move_id.id,
            "reference": self.move_id.reference,
            "company_id": self.company_id.id,
            "from_lot_id": lot.id,
            "from_product_id": self.product_id.id,
            "to_lot_id": lot_dest.id,
            "to_product_id": self.product_id.id,
            "quantity": self.quantity_product_uom,
            "to_quantity": self.quantity_product_uom,
            "kind": kind,
            "origin": "registered",
            "uncertain": not (lot and lot_dest),
            "from_line_id": self.id,
            "to_line_id": self.id,
        }

    def _qms_get_arrived_lots(self):
        """Return the lot under which each posted line of ``self`` brought goods in, or
        did before it was corrected to nothing."""
        return {
            line: line.lot_id
            for line in self.sudo()
            if line.move_id.state == "done"
            and line.lot_id
            and line.location_id.usage not in INSIDE
            and line.location_dest_id.usage in INSIDE
        }

    def _qms_link_renamed(self, before):
        """Link what goods were called to what they are called since a correction.

        :param dict before: lots by line, see :meth:`_qms_get_arrived_lots`
        """
        for line, lot in before.items():
            if line.lot_id and line.lot_id != lot:
                line._qms_link_number(lot)

    def _qms_link_number(self, lot):
        """Link this line's number to ``lot``, which it was called before.

        Called back, the goods are what they were. While there are none, the link is
        written and undone at once: it holds as soon as there are some.
        """
        links = self.env["qms.lot.link"]
        known = self._qms_get_number_links()._qms_get_renamings()
        known = known.filtered(lambda link: link._qms_is_between(lot | self.lot_id))
        if self.quantity > 0 and known:
            known._qms_undo()
        elif self.quantity > 0:
            links._qms_link(self._qms_prepare_renamed(lot))
        elif known:
            values = [link._qms_prepare_again(0) for link in known]
            links._qms_link(values)._qms_undo()
        else:
            values = self._qms_prepare_renamed(lot)
            links._qms_link(values)._qms_undo(is_emptied=True)

    def _qms_prepare_renamed(self, lot):
        """Return the values of the links to the number of this line from ``lot``.

        What left under the wrong number was made of these goods all the same: the two
        numbers lead to each other then.
        """
        now = {"date": fields.Datetime.now(), "user_id": self.env.uid}
        document = {"res_model": self._name, "res_id": self.id, **now}
        there = self._qms_prepare_renaming(lot, self.lot_id, "relabel")
        values = [{**there, **document}]
        if self._qms_has_left(lot):
            back = self._qms_prepare_renaming(self.lot_id, lot, "relabel")
            values.append({**back, **document, "uncertain": True})
        return values

    def _qms_has_left(self, lot):
        """Tell whether goods of ``lot`` left where they were since this line."""
        domain = [
            ("lot_id", "=", lot.id),
            ("id", "!=", self.id),
            ("state", "=", "done"),
            ("location_id.usage", "in", INSIDE),
            ("location_dest_id.usage", "not in", INSIDE),
            ("date", ">=", self.date),
        ]
        return bool(self.search_count(domain, limit=1))
