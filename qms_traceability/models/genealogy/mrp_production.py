from odoo import models

from .making import Making


class MrpProduction(models.Model):
    _inherit = "mrp.production"

    def _qms_get_registered_uses(self, finished_lines, consumed_lines):
        """Return what is known of which component went into which lot.

        Extension point: nothing is registered here, and all is shared by quantity.

        :param finished_lines: ``stock.move.line`` of this order's product
        :param consumed_lines: ``stock.move.line`` of its components
        :return: ``{(consumed line's id, finished lot's id): quantity}``, the quantity
            in the component's unit; what it leaves of a line is shared by quantity
        """
        self.ensure_one()
        return {}

    def _qms_sync_links(self, past=False, posted=None):
        """Let the links of these orders be as their posted lines are.

        :param bool past: see :meth:`qms.lot.link._qms_sync`
        :param posted: ``stock.move`` that have only just been posted
        :return: ``qms.lot.link``, what was written
        """
        # sudo: whoever posts need not be allowed to read the whole order
        orders = self.sudo().filtered(lambda order: order._qms_has_made())
        if not orders:
            return self.env["qms.lot.link"]
        wanted = [vals for order in orders for vals in order._qms_prepare_links()]
        new = orders.filtered(lambda order: posted and order._qms_get_made() <= posted)
        return self.env["qms.lot.link"]._qms_sync(orders, wanted, past, new)

    def _qms_has_made(self):
        return bool(self._qms_get_made())

    def _qms_get_made(self):
        return self.move_finished_ids.filtered(lambda move: move.state == "done")

    def _qms_prepare_links(self):
        self.ensure_one()
        used = self.move_raw_ids.move_line_ids
        made = self.move_finished_ids.move_line_ids
        own = made.filtered(lambda line: line.product_id == self.product_id)
        making = Making(used, made, self._qms_get_registered_uses(own, used))
        return self.env["qms.lot.link"]._qms_prepare_parts(
            self, making, self._qms_get_link_kind, production_id=self.id
        )

    def _qms_get_link_kind(self, product):
        """Return how ``product`` was made by this order."""
        if product != self.product_id:
            return "byproduct"
        # the field is there where subcontracting is installed
        subcontractor = "subcontractor_id" in self._fields and self.subcontractor_id
        return "subcontracting" if subcontractor else "production"
