from odoo import Command

from .common_steering import SteeringCase

BUYER = "purchase.group_purchase_user"


class DeviationCase(SteeringCase):
    """Purchases of a vendor of whom something is demanded.

    ``cls.buyer`` may only purchase.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["qms.quality.association"].search([]).active = False
        cls.buyer = cls._make_user("qms_buyer", BUYER)
        cls.fresh.supplier_rank = 1

    @classmethod
    def _make_purchase_card(cls, *criteria, **line):
        """Return an active card for what Fresh Foods delivers."""
        return cls._make_card(*criteria, kind="purchase", **line)

    @classmethod
    def _buy(cls, quantity, product=None):
        """Return the receipt of a confirmed purchase order, as the clerk sees it."""
        order = (
            cls.env["purchase.order"]
            .with_user(cls.buyer)
            .create(
                {
                    "partner_id": cls.fresh.id,
                    "picking_type_id": cls.warehouse.in_type_id.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": (product or cls.product).id,
                                "product_qty": quantity,
                                "price_unit": 1,
                            }
                        )
                    ],
                }
            )
        )
        order.button_confirm()
        return order.sudo().picking_ids.with_user(cls.clerk)

    @classmethod
    def _receive_lots(cls, receipt, lots):
        """Enter ``{lot name: quantity}`` on a receipt and validate it, as the clerk."""
        cls._enter(receipt, [{"lot_name": lot, "quantity": lots[lot]} for lot in lots])
        receipt.button_validate()
        return cls.env["stock.lot"].search(
            [
                ("name", "in", list(lots)),
                ("product_id", "=", receipt.move_ids.product_id.id),
            ]
        )

    @classmethod
    def _enter(cls, receipt, vals_list):
        """Enter lines on a receipt instead of those that are there."""
        move = receipt.move_ids
        move.move_line_ids.unlink()
        move.move_line_ids = [
            Command.create(
                {
                    "picking_id": receipt.id,
                    "product_id": move.product_id.id,
                    "location_id": move.location_id.id,
                    "location_dest_id": move.location_dest_id.id,
                    **vals,
                }
            )
            for vals in vals_list
        ]
        move.picked = True

    @classmethod
    def _deviations(cls, **domain):
        return cls.env["qms.deviation"].search(
            [(name, "=", value) for name, value in domain.items()], order="id"
        )

    def _assess(self, deviations):
        """Assess deviations, as an inspector."""
        own = deviations.with_user(self.inspector)
        own.write(
            {
                "impact_quality": "potential",
                "impact_system": "none",
                "impact_filing": "none",
                "assessment": "Fat is corrected in the next step",
            }
        )
        own.action_assess()

    def _accept(self, deviations):
        """Assess and accept deviations, as those whose task it is."""
        self._assess(deviations)
        own = deviations.with_user(self.manager)
        own.decision_reason = "No effect on the yoghurt"
        own.action_accept()
