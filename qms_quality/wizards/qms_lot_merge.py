from odoo import api, fields, models
from odoo.exceptions import AccessError


class QmsLotMerge(models.TransientModel):
    """Asks which of several lots takes the others' stock."""

    _name = "qms.lot.merge"
    _description = "Merge Lots"

    lot_ids = fields.Many2many("stock.lot", string="Lots", required=True)
    target_lot_id = fields.Many2one(
        "stock.lot",
        string="Merge into",
        required=True,
        domain="[('id', 'in', lot_ids)]",
    )

    @api.model
    def default_get(self, fields):
        res = super().default_get(fields)
        if self.env.context.get("active_model") == "stock.lot":
            ids = self.env.context.get("active_ids", [])
            res.update(lot_ids=[(6, 0, ids)], target_lot_id=min(ids, default=False))
        return res

    def action_merge(self):
        """Merge the lots and open the one that is left.

        :return: action
        :raise AccessError: for those who may not use Inventory
        """
        self.ensure_one()
        self._check_merge()
        self._merge()
        return {
            "type": "ir.actions.act_window",
            "res_model": "stock.lot",
            "res_id": self.target_lot_id.id,
            "view_mode": "form",
        }

    def _check_merge(self):
        if not self.env.user.has_group("stock.group_stock_user"):
            raise AccessError(
                self.env._("Only users of Inventory may merge lots: ask one of them.")
            )

    def _merge(self):
        self.lot_ids._qms_merge(self.target_lot_id, self._get_choice())

    def _get_choice(self):
        """Return what was chosen for the lot that is left, for add-ons."""
        return None
