from collections import Counter

from odoo import api, fields, models

from ..models.number_text import format_quantity


class QmsQrsTry(models.TransientModel):
    """What a card would do to stock and open orders, before it is activated."""

    _name = "qms.qrs.try"
    _description = "Try Quality Requirements"

    qrs_id = fields.Many2one("qms.qrs", "Card", readonly=True, ondelete="cascade")
    criterion_ids = fields.One2many("qms.qrs.try.criterion", "try_id", readonly=True)
    finding_ids = fields.One2many("qms.qrs.finding", "try_id", readonly=True)
    lot_count = fields.Integer("Lots in Stock", readonly=True)
    failing_lot_count = fields.Integer("Lots that Fail", readonly=True)
    order_count = fields.Integer("Open Order Lines", readonly=True)
    failing_order_count = fields.Integer("Order Lines that Fail", readonly=True)

    @api.model
    def _open(self, card):
        """Return the action that opens what a card would do."""
        one = self._make(card)
        return {
            **one._get_records_action(
                name=self.env._("Try %s", card.display_name), target="new"
            ),
            "context": {"dialog_size": "extra-large"},
        }

    @api.model
    def _make(self, card):
        trial = card._try()
        stock = trial.judge_stock()
        orders = trial.judge_orders()
        # sudo: nobody writes findings; each reads his own
        one = self.sudo().create(
            {
                "qrs_id": card.id,
                "lot_count": len(stock),
                "failing_lot_count": sum(bool(cell.failing) for cell in stock.values()),
                "order_count": len(orders),
                "failing_order_count": sum(
                    bool(found["wrong"] or found["is_short"]) for found in orders
                ),
            }
        )
        one._keep(trial, stock, orders)
        return one.with_env(self.env)

    def _keep(self, trial, stock, orders):
        findings = self.env["qms.qrs.finding"]
        criteria = self.qrs_id.line_ids.criterion_ids
        texts = {one.id: one._get_expected_text() for one in criteria}
        self._keep_criteria(stock, criteria)
        findings.create(
            [
                {
                    **findings._prepare_cell(lot, self.env["res.partner"], cell, texts),
                    "try_id": self.id,
                    "quantity": trial.stock[lot][0],
                }
                for lot, cell in stock.items()
                if cell.failing
            ]
            + [self._prepare_order(found, texts) for found in orders]
        )

    def _keep_criteria(self, stock, criteria):
        asked, failing = Counter(), Counter()
        for cell in stock.values():
            asked[cell.line_id] += 1
            failing.update(criterion_id for criterion_id, _found in cell.failing)
        of_stock = criteria._qms_filter_of_stock()
        self.env["qms.qrs.try.criterion"].create(
            [
                {
                    "try_id": self.id,
                    "criterion_id": one.id,
                    "is_at_transfer": one not in of_stock,
                    "lot_count": asked[one.line_id.id],
                    "failing_count": failing[one.id],
                }
                for one in criteria
            ]
        )

    def _prepare_order(self, found, texts):
        """Return the values of the finding about one line of an order."""
        line, demand = found["line"], found["demand"]
        order = line._qms_get_required_order()
        return {
            "try_id": self.id,
            "res_model": order._name,
            "res_id": order.id,
            "document_name": order.display_name,
            "partner_id": demand.partner.id,
            "product_id": demand.product.id,
            "qrs_id": found["of_card"].qrs_id.id,
            "date": demand.date,
            "demand": found["open"],
            "meets": found["meets"],
            "is_failing": bool(found["wrong"] or found["is_short"]),
            "why": "; ".join(self._get_order_reasons(found, texts)),
        }

    def _get_order_reasons(self, found, texts):
        findings = self.env["qms.qrs.finding"]
        reasons = [
            f"{lot.name}: {findings._get_why(cell, texts)}"
            for lot, cell in found["wrong"].items()
        ]
        unit = found["demand"].product.uom_id.name
        for what, quantity in found["failing"].items():
            reasons.append(
                self.env._(
                    "%(quantity)s %(unit)s in stock don't meet: %(expected)s",
                    quantity=format_quantity(self.env, quantity),
                    unit=unit,
                    expected=texts.get(what, what),
                )
            )
        if found["is_short"] and not found["failing"]:
            reasons.append(self.env._("not enough in stock"))
        return reasons

    def action_open_lots(self):
        """Open the lots in stock that would fail."""
        return self._open_findings(
            "qms_quality.qms_qrs_finding_action_lots", [("lot_id", "!=", False)]
        )

    def action_open_orders(self):
        """Open the lines of open orders that would get these requirements."""
        return self._open_findings(
            "qms_quality.qms_qrs_finding_action_orders", [("lot_id", "=", False)]
        )

    def _open_findings(self, xmlid, domain):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        return {**action, "domain": [("try_id", "=", self.id), *domain]}
