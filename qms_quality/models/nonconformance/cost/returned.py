from odoo import api, models


class QmsDisposition(models.Model):
    """What went back to the supplier is lost at its value, until he credits it."""

    _inherit = "qms.disposition"

    def _after_shipped(self):
        res = super()._after_shipped()
        # now it is known what was billed of it, which it wasn't when it was shipped
        self._record_costs()
        return res

    def _prepare_return_costs(self):
        """Return the value of what went back, less what was never paid for.

        What was paid for is credited when the vendor's credit note is posted.
        """
        goods = self._prepare_goods_cost()
        saved = self._get_unbilled_value()
        return [
            {"kind": "material", **goods},
            {
                "kind": "credit",
                "name": self.env._("Went back without being billed"),
                "quantity": 1,
                "unit_cost": -saved,
                "amount": -saved,
            },
        ]

    def _get_unbilled_value(self):
        """Return the value of what went back and no credit note was prepared for."""
        done = self.move_ids.filtered(lambda move: move.state == "done")
        saved = 0.0
        for line, moves in done.grouped("purchase_line_id").items():
            returned = sum(moves.mapped("product_qty"))
            billed = self._get_credited_quantity(line) if line else 0.0
            if returned:
                share = max(1 - billed / returned, 0.0)
                saved += share * self._get_lost_value(moves)
        return self.company_id.currency_id.round(saved)

    def _get_credited_quantity(self, line):
        """Return how much of a purchase line the credit notes of this row are for,
        whatever became of them, in the product's unit."""
        unit = self.product_id.uom_id
        return sum(
            one.product_uom_id._compute_quantity(one.quantity, unit)
            * one.move_id._qms_get_returned_shares(one)[self]
            for one in self.refund_ids.invoice_line_ids
            if one.purchase_line_id == line
        )

    # -- The credit --------------------------------------------------------------------

    @api.model
    def _record_credits(self, refunds):
        """Write what vendors credited, in place of what was written of it before.

        :param refunds: ``account.move``, of which only those that are posted count
        """
        costs = self.env["qms.nonconformance.cost"].search(
            [("refund_id", "in", refunds.ids)]
        )
        costs._replace(
            [
                {**row._prepare_cost(row._prepare_credit(refund, amount))}
                for refund in refunds.filtered(lambda move: move.state == "posted")
                for row, amount in refund._qms_split_credit().items()
                if not row.company_id.currency_id.is_zero(amount)
            ]
        )

    def _prepare_credit(self, refund, amount):
        return {
            "kind": "credit",
            "name": refund.display_name,
            "date": refund.date,
            "quantity": 1,
            "unit_cost": -amount,
            "amount": -amount,
            "refund_id": refund.id,
        }
