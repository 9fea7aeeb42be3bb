from .common_case import NonconformanceCase


class DispositionCase(NonconformanceCase):
    """Small factories for what is decided about held goods.

    No approval rule is active: the quality manager approves. ``cls.dest`` is a place
    that no case holds.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["qms.approval.rule"].search([]).active = False
        cls.dest = cls._make_location("Accepted")
        cls.Row = cls.env["qms.disposition"]

    def _lot_case(self, name="L-1", quantity=100, location=None, **vals):
        """Return a case that holds a lot, of which so much is in a place."""
        lot = self._make_lot(name)
        self._stock_up(quantity, lot, location)
        case = self._make_case(lot, **vals)
        self._bring_to_disposition(case)
        return case

    def _place_case(self, product=None, **goods):
        """Return a case that holds goods in a place or a package."""
        product = product or self.untracked
        case = self._make_case(product_id=product.id)
        vals = {f"{name}_id": record.id for name, record in goods.items()}
        self.env["qms.hold"]._place(
            [
                {
                    **case._prepare_hold_values(self.on_hold),
                    "product_id": product.id,
                    **vals,
                }
            ]
        )
        self._bring_to_disposition(case)
        return case

    def _add(self, case, kind, quantity, lot=None, location=None, **vals):
        """Add a row as an inspector: of the case's first lot in stock, if not told."""
        if lot is None and case.product_id.tracking != "none":
            lot = case.lot_ids[:1]
        vals.setdefault("reason", "Decided")
        return (
            self.Row.with_user(self.inspector)
            .create(
                {
                    "nonconformance_id": case.id,
                    "kind": kind,
                    "quantity": quantity,
                    "lot_id": lot and lot.id,
                    "location_id": (location or self.stock).id,
                    **vals,
                }
            )
            .with_user(self.env.user)
        )

    def _approve(self, case):
        """Submit a case as an inspector, and approve it as a quality manager."""
        case.with_user(self.inspector).action_submit()
        rows = case.disposition_ids.filtered(lambda row: row.state == "draft")
        rows.with_user(self.manager).action_approve()

    def _carry_out(self, case):
        """Submit, approve and carry out what is proposed."""
        self._approve(case)
        case.with_user(self.inspector).action_execute()

    def _held(self, case):
        """Return how much a case holds: ``{(lot, place): quantity}``."""
        held = {}
        for quant in case._get_held_quants():
            key = (quant.lot_id.name, quant.location_id.name)
            held[key] = held.get(key, 0) + quant.quantity
        return held

    def _free(self, location, lot=None, product=None):
        """Return how much can be delivered from a place, by the gate's answer."""
        product = product or lot.product_id
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "=", product.id),
                ("location_id", "=", location.id),
                *([("lot_id", "=", lot.id)] if lot else []),
            ]
        )
        answers = self.env["qms.hold"]._qms_gate_reasons(
            quants._qms_get_goods(), "delivery"
        )
        return sum(
            quant.quantity
            for quant, reasons in zip(quants, answers, strict=True)
            if not any(reason.policy == "block" for reason in reasons)
        )

    def _save(self):
        """Do what Odoo does at the end of a request."""
        self.env.flush_all()
        self.env.cr.precommit.run()
