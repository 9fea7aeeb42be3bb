from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.qms_quality.models.gate.transaction import INSIDE

BATCH = 1000
PERIOD = "qms_sales_min_shelf_life"


class ProductTemplate(models.Model):
    """Another sales minimum shelf life: sell-by dates of stock are kept or recomputed.

    Recomputed by a scheduled action, in batches; it remembers how far it has come.
    """

    _inherit = "product.template"

    qms_sell_by_cursor = fields.Integer(
        readonly=True,
        copy=False,
        qms_audit=False,
        help="The lot with which recomputing goes on; 0: nothing is to be done.",
    )
    _sell_by_idx = models.Index("(id) WHERE qms_sell_by_cursor > 0")

    def write(self, vals):
        if not {"qms_sales_min_shelf_life", "categ_id"} & set(vals):
            return super().write(vals)
        before = {one: one._qms_get_shelf_life(PERIOD) for one in self}
        res = super().write(vals)
        self._qms_follow_sell_by(before)
        return res

    def _qms_follow_sell_by(self, before):
        """Recompute the sell-by dates of stock, where the company wants that.

        :param dict before: ``{product.template: formula}``
        """
        changed = self.filtered(
            lambda one: (
                one.use_expiration_date
                and before[one] != one._qms_get_shelf_life(PERIOD)
                and (one.company_id or self.env.company).sudo().qms_sell_by_policy
                == "recompute"
            )
        )
        changed._qms_mark_sell_by()

    def _qms_mark_sell_by(self):
        if self:
            # sudo: whoever may change a category's period changes all its products'
            self.sudo().write({"qms_sell_by_cursor": 1})
            self.env.ref("qms_shelf_life.ir_cron_sell_by")._trigger()

    def action_qms_recompute_sell_by(self):
        """Offer to recompute the sell-by dates of what is in stock.

        :return: action
        """
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Recompute Sell-by Dates"),
            "res_model": "qms.sell.by.recompute",
            "view_mode": "form",
            "target": "new",
            "context": {"default_product_tmpl_ids": self.ids},
        }

    def _qms_get_lot_domain(self):
        """Return the domain of the lots of these products that are in stock."""
        inside = Domain("quantity", ">", 0) & Domain("location_id.usage", "in", INSIDE)
        return (
            Domain("product_id.product_tmpl_id", "in", self.ids)
            & Domain("expiration_date", "!=", False)
            & Domain("quant_ids", "any", inside)
        )

    @api.model
    def _cron_recompute_sell_by(self):
        """Recompute sell-by dates, batch by batch; go on later where time is up."""
        crons = self.env["ir.cron"]
        for template in self.search([("qms_sell_by_cursor", ">", 0)]):
            while template.qms_sell_by_cursor:
                done = template._qms_recompute_batch()
                if not crons._commit_progress(done):
                    return

    def _qms_recompute_batch(self):
        lots = self.env["stock.lot"].search(
            self._qms_get_lot_domain() & Domain("id", ">=", self.qms_sell_by_cursor),
            order="id",
            limit=self._qms_get_batch_size(),
        )
        lots._qms_recompute_sell_by()
        full = len(lots) == self._qms_get_batch_size()
        self.qms_sell_by_cursor = lots[-1:].id + 1 if full else 0
        return len(lots)

    def _qms_get_batch_size(self):
        return BATCH
