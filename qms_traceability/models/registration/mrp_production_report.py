from odoo import models
from odoo.exceptions import UserError

from odoo.addons.qms_quality.models.number_text import format_quantity


class MrpProduction(models.Model):
    """Reporting registered products as finished, one by one or several at once.

    Output is posted by closing an order only. So an order of which a part is reported
    is split, and that part closed.
    """

    _inherit = "mrp.production"

    def qms_set_quantities(self, product, good, error, error_action="scrap"):
        """Say how much of a finished product is good, and how much is not.

        :param int product: id
        :param float good: quantity
        :param float error: quantity
        :param str error_action: ``"scrap"`` or ``"nonconformance"``
        :return: the finished product, as in :meth:`qms_get_tracked`
        :raise UserError: if it is finished, or the quantities can't be
        """
        row = self._qms_get_own("qms.tracked.product", [product])
        self._qms_check_removable(row)
        good, error = (self._qms_read_part(value) for value in (good, error))
        total = good + error
        self._qms_check_total(row, total)
        if error_action not in ("scrap", "nonconformance"):
            raise UserError(self.env._("What is wrong is scrapped, or reported."))
        row._change(
            {
                "quantity": total,
                "good_quantity": good,
                "error_quantity": error,
                "error_action": error_action,
            }
        )
        return row._prepare_shown(row._get_statuses()[row])

    def _qms_read_part(self, value):
        return self._qms_read_quantity(value) if value else 0

    def _qms_check_total(self, row, total):
        uom = row.uom_id
        if row.is_serial and uom.compare(total, 1):
            raise UserError(
                self.env._("%s is one: either good or not.", row.lot_id.name)
            )
        room = row.production_id._qms_get_room() + row.quantity
        if uom.compare(total, 0) <= 0 or uom.compare(total, room) > 0:
            raise UserError(
                self.env._(
                    "%(lot)s can be up to %(room)s %(unit)s: the rest of %(order)s is"
                    " registered otherwise.",
                    lot=row.lot_id.name,
                    room=format_quantity(self.env, room),
                    unit=uom.name,
                    order=row.production_id.name,
                )
            )

    def qms_report_finished(self, products):
        """Report finished products: their part of the order is closed.

        :param list products: ids
        :return: an action to show, where something has to be confirmed, or ``True``
        :raise UserError: why the order can't be closed
        """
        rows = self._qms_get_own("qms.tracked.product", products)
        self._qms_check_removable(rows)
        rows._check_not_cancelled()
        for part in self._qms_get_parts(rows):
            part.production_id._qms_narrow_to(part)
        # all at once, so that what has to be confirmed is asked in one dialog
        return rows.production_id.with_context(
            skip_backorder=True, skip_redirection=True
        ).button_mark_done()

    def _qms_get_parts(self, rows):
        """Return what is closed together: serial numbers of an order, or one lot."""
        if self.product_tracking == "lot":
            return list(rows)
        return list(rows.grouped("production_id").values())

    def _qms_narrow_to(self, rows):
        """Let this order be what is reported, and nothing else."""
        self.ensure_one()
        self.lot_producing_ids = rows.lot_id
        self._qms_split_off(sum(rows.mapped("quantity")))
        self._qms_produce(rows)

    def _qms_split_off(self, quantity):
        """Leave what isn't reported now to an order of its own."""
        rest = self.product_uom_qty - quantity
        if self.product_id.uom_id.compare(rest, 0) <= 0:
            return
        amounts = [
            self.product_id.uom_id._compute_quantity(
                part, self.product_uom_id, rounding_method="HALF-UP"
            )
            for part in (quantity, rest)
        ]
        # sudo: see _split_productions; there may be no row left on this part
        order = self.sudo()
        order._split_productions({order: amounts})
