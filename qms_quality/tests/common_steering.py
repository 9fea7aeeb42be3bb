from odoo import Command

from odoo.addons.qms_quality.models.sentinel import trusted

from .common import STOCK_USER
from .common_attribute import AttributeCase
from .common_mrp import QmsMrpCase

IGNORER = "qms_quality.group_qrs_ignore"
SALESMAN = "sales_team.group_sale_salesman"


class SteeringCase(AttributeCase, QmsMrpCase):
    """Orders of a customer who demands something, and lots of several origins.

    ``cls.fresh`` is the customer; ``cls.seller`` may only sell, ``cls.foreman`` uses
    Inventory and may ignore requirements.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._make_user("qms_seller", SALESMAN)
        cls.foreman = cls._make_user("qms_foreman", STOCK_USER, IGNORER)
        cls.fresh = cls.env["res.partner"].create(
            {"name": "Fresh Foods", "is_company": True}
        )
        cls.warehouse.delivery_steps = "ship_only"

    @classmethod
    def _stock_lot(cls, name, quantity=10, values=None, location=None, product=None):
        """Put a lot in stock, of which ``values`` are recorded."""
        lot = cls._make_lot(name, product)
        cls._stock_up(quantity, lot, location)
        if values:
            cls._record(lot, values)
        return lot

    @classmethod
    def _no_origin(cls, country, departure="blocked"):
        """Return the values of a criterion that a country must not be the origin."""
        return {
            "attribute_id": cls.origin.id,
            "operator": "not in",
            "country_ids": [Command.set(country.ids)],
            "departure": departure,
        }

    @classmethod
    def _fat(cls, operator, number, departure="blocked"):
        return {
            "attribute_id": cls.fat.id,
            "operator": operator,
            "value_number": number,
            "departure": departure,
        }

    @classmethod
    def _make_card(cls, *criteria, kind="sales", **line):
        """Return an active card of ``criteria``, for Fresh Foods if for any partner."""
        card = (
            cls.env["qms.qrs"]
            .with_user(cls.administrator)
            .create(
                {
                    "code": f"C-{cls.env['qms.qrs'].search_count([])}",
                    "description": "Demands",
                    "type": kind,
                    "partner_ids": cls.fresh.ids if kind != "production" else False,
                    "line_ids": [
                        Command.create(
                            {
                                "applies_to": "all",
                                "criterion_ids": [
                                    Command.create(vals) for vals in criteria
                                ],
                                **line,
                            }
                        )
                    ],
                }
            )
        )
        card.action_activate()
        return card

    @classmethod
    def _quote(cls, quantity, product=None, partner=None):
        """Return a quotation of the seller."""
        return (
            cls.env["sale.order"]
            .with_user(cls.seller)
            .create(
                {
                    "partner_id": (partner or cls.fresh).id,
                    "warehouse_id": cls.warehouse.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": (product or cls.product).id,
                                "product_uom_qty": quantity,
                            }
                        )
                    ],
                }
            )
        )

    @classmethod
    def _sell(cls, quantity, **vals):
        """Return the delivery of a confirmed order, reserved, as the clerk sees it."""
        order = cls._quote(quantity, **vals)
        order.action_confirm()
        return order.sudo().picking_ids.with_user(cls.clerk)

    @classmethod
    def _copy_of(cls, picking):
        """Return what is required of the goods of a delivery."""
        return picking.move_ids._qms_get_requirements()[picking.move_ids].sudo()

    def _taken(self, moves):
        """Return ``{lot name: quantity}`` of what moves reserved, in order."""
        taken = {}
        for line in moves.move_line_ids.sorted("id"):
            name = line.lot_id.name or ""
            taken[name] = taken.get(name, 0) + line.quantity_product_uom
        return taken

    def _take(self, picking, lot, user=None):
        """Enter ``lot`` on a delivery, all of it, as its worker does."""
        moves = picking.move_ids.with_user(user or self.clerk)
        moves._do_unreserve()
        moves.move_line_ids.unlink()
        return (
            self.env["stock.move.line"]
            .with_user(user or self.clerk)
            .create(
                {
                    "move_id": moves.id,
                    "picking_id": picking.id,
                    "product_id": moves.product_id.id,
                    "location_id": moves.location_id.id,
                    "location_dest_id": moves.location_dest_id.id,
                    "lot_id": lot.id,
                    "quantity": moves.product_uom_qty,
                }
            )
        )

    @classmethod
    def _make_deviation(cls, vals):
        """Record a deviation as the system does, decided or not."""
        deviations = trusted(cls.env["qms.deviation"].sudo())
        return deviations.create(vals)
