from .common_case import NonconformanceCase


class DisposingCase(NonconformanceCase):
    """Small factories for purchases, and for dispositions from proposal to the end.

    An inspector proposes and carries out, a quality manager approves. ``cls.milk`` is
    bought, tracked by lot and valued at its average cost.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        journals = cls.env["account.journal"].search([("type", "=", "purchase")])
        if cls.company not in journals.company_id:
            cls.env["account.chart.template"].try_loading("generic_coa", cls.company)
        cls.average = cls.env["product.category"].create(
            {"name": "Bought", "property_cost_method": "average"}
        )
        cls.milk = cls._make_product(
            "Raw milk", categ_id=cls.average.id, purchase_method="receive"
        )

    # -- Buying ------------------------------------------------------------------------

    @classmethod
    def _buy(cls, quantity, price=1.0, lots=None, product=None, **vals):
        """Order goods and receive them as a clerk; return the purchase line.

        :param lots: names of new lots or lots, one line each; each gets its share
        """
        product = product or cls.milk
        order = cls.env["purchase.order"].create(
            {
                "partner_id": cls.partner.id,
                "picking_type_id": cls.warehouse.in_type_id.id,
                "order_line": [
                    (
                        0,
                        0,
                        {
                            "product_id": product.id,
                            "product_qty": quantity,
                            "price_unit": price,
                            "tax_ids": False,
                            **vals.pop("line", {}),
                        },
                    )
                ],
                **vals,
            }
        )
        order.button_confirm()
        picking = order.picking_ids.with_user(cls.clerk)
        move = picking.move_ids
        if lots:
            move.move_line_ids.unlink()
            line = move._prepare_move_line_vals()
            share = move.product_qty / len(lots)
            picking.env["stock.move.line"].create(
                [
                    {
                        **line,
                        "quantity": share,
                        "product_uom_id": product.uom_id.id,
                        **cls._lot_values(lot),
                    }
                    for lot in lots
                ]
            )
        move.picked = True
        picking.button_validate()
        return order.order_line

    @classmethod
    def _bill(cls, line, quantity=None, price=None, post=True):
        """Bill a purchase line; return the bill."""
        line.order_id.action_create_invoice()
        bill = line.invoice_lines.move_id.filtered(lambda one: one.state == "draft")
        bill.invoice_date = bill.date
        if quantity is not None:
            bill.invoice_line_ids.quantity = quantity
        if price is not None:
            bill.invoice_line_ids.price_unit = price
        if post:
            bill.action_post()
        return bill

    @classmethod
    def _lot(cls, name, product=None):
        return cls.env["stock.lot"].search(
            [("name", "=", name), ("product_id", "=", (product or cls.milk).id)]
        )

    # -- Deciding ----------------------------------------------------------------------

    def _open_case(self, lots=None, **vals):
        """Open a case that is ready to be decided on; it holds ``lots``."""
        case = self._make_case(lots, **vals)
        self._bring_to_disposition(case)
        return case

    def _propose(self, case, kind, quantity, lot=None, place=None, **vals):
        row = (
            self.env["qms.disposition"]
            .with_user(self.inspector)
            .create(
                {
                    "nonconformance_id": case.id,
                    "kind": kind,
                    "quantity": quantity,
                    "lot_id": lot.id if lot else False,
                    "location_id": (place or self.stock).id,
                    **vals,
                }
            )
        )
        return row.with_user(self.env.user)

    def _approve(self, case):
        case.with_user(self.inspector).action_submit()
        proposed = case.disposition_ids.filtered(lambda row: row.state == "draft")
        proposed.with_user(self.manager).action_approve()

    def _carry_out(self, case):
        """Have everything proposed approved and carried out."""
        self._approve(case)
        case.with_user(self.inspector).action_execute()

    # -- What is there -----------------------------------------------------------------

    def _supplied(self, product=None):
        """Return how much is at suppliers; what went out of it counts negative."""
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "=", (product or self.milk).id),
                ("location_id.usage", "=", "supplier"),
            ]
        )
        return sum(quants.mapped("quantity"))

    def _said(self, record):
        """Return what was said in the chatter of a record, as one text."""
        return "\n".join(record.message_ids.mapped(lambda one: str(one.body)))
