from odoo import api, fields, models
from odoo.tools import SQL


class QmsFefoTurn(models.Model):
    """Whose turn it is to deliver a product to a partner that must not go back.

    Who posts looks at what was posted before. Two that post at once would not see each
    other: so each counts up the same row, and the second has to run again.
    """

    _name = "qms.fefo.turn"
    _description = "Turn of a Delivery"
    _inherit = ["qms.protected.mixin"]
    _log_access = False

    partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade")
    product_id = fields.Many2one("product.product", required=True, ondelete="cascade")
    counter = fields.Integer(required=True, default=0)

    _turn_uniq = models.UniqueIndex("(partner_id, product_id)")

    @api.model
    def _take(self, partners, products):
        """Take the turn for products of partners, until the transaction ends."""
        keys = sorted(
            (partner_id, product_id)
            for partner_id in partners.ids
            for product_id in products.ids
        )
        if keys:
            self.env.cr.execute(
                SQL(
                    """INSERT INTO qms_fefo_turn (partner_id, product_id, counter)
                       VALUES %s
                       ON CONFLICT (partner_id, product_id)
                       DO UPDATE SET counter = qms_fefo_turn.counter + 1""",
                    SQL(", ").join(SQL("(%s, %s, 0)", *key) for key in keys),
                )
            )
