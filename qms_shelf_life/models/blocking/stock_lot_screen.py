from odoo import api, fields, models

from odoo.addons.qms_quality.models.gate.transaction import Goods

from .expiry_policy import TYPES


class StockLot(models.Model):
    """What people see of a lot's date, and how they let it go in spite of it."""

    _inherit = "stock.lot"

    qms_expiry_text = fields.Char(
        string="Because of its Date",
        compute="_compute_qms_expiry_text",
        compute_sudo=True,
        help="What keeps the lot from being delivered, consumed or transferred today.",
    )
    qms_is_near_blocked = fields.Boolean(
        compute="_compute_qms_expiry_text", compute_sudo=True
    )
    qms_expiry_release_count = fields.Integer(
        compute="_compute_qms_expiry_release_count"
    )

    @api.depends("expiration_date", "product_id", "qms_expiry_release_ids.state")
    def _compute_qms_expiry_text(self):
        """Show what the gate says of the date, in each warehouse with stock of it."""
        self.qms_expiry_text = False
        self.qms_is_near_blocked = False
        dated = self._origin.filtered(lambda lot: lot.product_id.use_expiration_date)
        package = self.env["stock.package"]
        asked = [
            (lot, Goods(lot.product_id, lot, warehouse.lot_stock_id, package))
            for warehouse, lots in dated._qms_get_whereabouts()
            for lot in lots
        ]
        answers = self.env["qms.hold"]._qms_get_date_reasons(
            [goods for _lot, goods in asked], TYPES, [None] * len(asked)
        )
        texts, near = {}, set()
        for (lot, _goods), reasons in zip(asked, answers, strict=True):
            for reason in reasons:
                texts.setdefault(lot.id, {})[reason.text] = True
                if reason.kind == "near":
                    near.add(lot.id)
        for lot in self:
            lot.qms_expiry_text = "; ".join(texts.get(lot._origin.id, ())) or False
            lot.qms_is_near_blocked = lot._origin.id in near

    @api.depends("qms_expiry_release_ids")
    def _compute_qms_expiry_release_count(self):
        counts = dict(
            self.env["qms.expiry.release"]._read_group(
                [("lot_id", "in", self.ids)], ["lot_id"], ["__count"]
            )
        )
        for lot in self:
            lot.qms_expiry_release_count = counts.get(lot._origin, 0)

    def action_qms_release_expiry(self):
        """Ask for whom, and why, these lots may go in spite of the days before expiry.

        :raise AccessError: if the user is no shelf-life manager
        :return: action
        """
        self.env.user._qms_check_group("qms_shelf_life.group_shelf_life_manager")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Release before Expiry"),
            "res_model": "qms.expiry.release.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_lot_ids": self.ids},
        }

    def action_qms_open_expiry_releases(self):
        """Show what was decided about these lots.

        :return: action
        """
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Releases before Expiry"),
            "res_model": "qms.expiry.release",
            "view_mode": "list,form",
            "domain": [("lot_id", "in", self.ids)],
        }
