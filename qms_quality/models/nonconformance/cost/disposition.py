from odoo import models


class QmsDisposition(models.Model):
    """What carrying out a disposition cost."""

    _inherit = "qms.disposition"

    def _after_done(self):
        res = super()._after_done()
        self.filtered(lambda row: row.kind != "return")._record_costs()
        return res

    def _record_costs(self):
        """Write what these dispositions cost, in place of what was written before."""
        # sudo: values of moves and times are reckoned for whoever carries it out
        rows = self.sudo()
        costs = rows.env["qms.nonconformance.cost"].search(
            [
                ("disposition_id", "in", self.ids),
                ("is_automatic", "=", True),
                ("refund_id", "=", False),
            ]
        )
        costs._replace(
            [
                row._prepare_cost(values)
                for row in rows
                for values in row._prepare_costs()
                if not row.company_id.currency_id.is_zero(values["amount"])
            ]
        )

    def _prepare_cost(self, values):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return {
            "nonconformance_id": self.nonconformance_id.id,
            "disposition_id": self.id,
            "name": kinds[self.kind],
            **values,
        }

    def _prepare_costs(self):
        """Return the values of what this disposition cost. Extension point.

        Goods that are used after all cost nothing.

        :return: list of dicts
        """
        self.ensure_one()
        prepare = getattr(self, f"_prepare_{self.kind}_costs", list)
        return prepare()

    def _prepare_scrap_costs(self):
        return [{"kind": "scrap", **self._prepare_goods_cost()}]

    def _prepare_donate_costs(self):
        return [{"kind": "material", **self._prepare_goods_cost()}]

    def _prepare_downgrade_costs(self):
        # the value of the goods stays with them until the next closing
        out = self.move_ids.filtered("is_out")
        product = self.product_dest_id.with_company(self.company_id)
        worth = self.done_quantity * product.standard_price
        lost = max(self._get_lost_value(out) - worth, 0)
        return [{"kind": "material", **self._prepare_goods_cost(lost)}]

    def _prepare_goods_cost(self, amount=None):
        """Return quantity and value of the goods that are lost.

        :param float amount: what is lost; at their valuation, if not given
        """
        if amount is None:
            amount = self._get_lost_value(self.move_ids)
        quantity = self.done_quantity
        return {
            "quantity": quantity,
            "unit_cost": amount / quantity if quantity else 0,
            "amount": amount,
        }

    def _get_lost_value(self, moves):
        """Return by how much moves that are done lowered the value of the stock."""
        done = moves.filtered(lambda move: move.state == "done")
        out = done.filtered("is_out")
        return sum(out.mapped("value")) - sum((done - out).mapped("value"))
