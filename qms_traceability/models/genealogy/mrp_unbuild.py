from odoo import models

from .making import Making


class MrpUnbuild(models.Model):
    """What comes out of an unbuilt product is linked to it; core links nothing."""

    _inherit = "mrp.unbuild"

    def _qms_sync_links(self, past=False):
        """Let the links of these orders be as their posted lines are.

        :param bool past: see :meth:`qms.lot.link._qms_sync`
        :return: ``qms.lot.link``, what was written
        """
        # sudo: whoever posts need not be allowed to read the whole order
        orders = self.sudo().filtered(lambda order: order._qms_has_made())
        if not orders:
            return self.env["qms.lot.link"]
        wanted = [vals for order in orders for vals in order._qms_prepare_links()]
        return self.env["qms.lot.link"]._qms_sync(orders, wanted, past)

    def _qms_has_made(self):
        return any(move.state == "done" for move in self._qms_get_made())

    def _qms_get_made(self):
        # core gives unbuild_id to all its moves, those that consume among them
        return self.produce_line_ids.filtered(
            lambda move: move.location_id.usage == "production"
        )

    def _qms_prepare_links(self):
        self.ensure_one()
        made = self._qms_get_made()
        used = self.produce_line_ids - made
        return self.env["qms.lot.link"]._qms_prepare_parts(
            self,
            Making(used.move_line_ids, made.move_line_ids),
            "unbuild",
            production_id=self.mo_id.id,
        )
