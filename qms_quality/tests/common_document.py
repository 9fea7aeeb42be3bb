from odoo.fields import Command
from odoo.tests import Form

from .common_mrp import QmsMrpCase

BUYER = "purchase.group_purchase_user"
SELLER = "sales_team.group_sale_salesman"
ADMINISTRATOR = "qms_quality.group_qrs_administrator"


class RequiredCase(QmsMrpCase):
    """Orders and the cards that apply to them.

    ``cls.partner`` is the vendor, ``cls.buyer_company`` the customer; ``cls.buyer``,
    ``cls.seller`` and ``cls.operator`` enter orders, ``cls.keeper`` keeps requirements.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer = cls._make_user("qms_buyer", BUYER)
        cls.seller = cls._make_user("qms_seller", SELLER)
        cls.keeper = cls._make_user("qms_keeper", ADMINISTRATOR)
        cls._deactivate_cards()
        cls.partner.is_company = True
        cls.customer_company = cls.env["res.partner"].create(
            {"name": "Fresh Foods", "is_company": True}
        )
        cls.contact = cls.env["res.partner"].create(
            {"name": "Anna", "parent_id": cls.customer_company.id}
        )
        cls.cheese = cls._make_product("Cheese")
        cls.bom = cls._make_bom([(cls.product, 2)], product=cls.cheese)
        cls.origin = cls.env["qms.attribute"].create(
            {"name": "Origin of Milk", "type": "country"}
        )
        cls.zealand = cls.env.ref("base.nz")
        cls.france = cls.env.ref("base.fr")

    # -- Cards -------------------------------------------------------------------------

    @classmethod
    def _make_lot(cls, name, product=None):
        """Return a lot that meets what the cards of these tests ask for."""
        lot = super()._make_lot(name, product)
        cls.env["qms.lot.attribute"]._qms_record(
            [
                {
                    "lot_id": lot.id,
                    "attribute_id": cls.origin.id,
                    "value": cls.env.ref("base.de"),
                    "source": "hand",
                }
            ]
        )
        return lot

    @classmethod
    def _deactivate_cards(cls):
        cards = cls.env["qms.qrs"].search([("state", "=", "active")])
        if cards:
            cards.with_user(cls.keeper).sudo().action_deactivate()

    @classmethod
    def _forget_requirements(cls):
        """Make a database without cards and copies, as it is at first."""
        cls._deactivate_cards()
        cls.env.flush_all()
        cls.env.cr.execute("TRUNCATE qms_qrs_document_line CASCADE")
        cls.env.invalidate_all()
        cls.env.registry.clear_cache()

    @classmethod
    def _make_card(cls, kind, partner=None, country=None, activate=True, **vals):
        """Return a card that refuses a country for all products, active by default."""
        line = {
            "applies_to": "all",
            "instructions": "<p>Keep cool</p>",
            "criterion_ids": [
                Command.create(cls._prepare_criterion(country or cls.zealand))
            ],
            **vals.pop("line", {}),
        }
        card = cls.env["qms.qrs"].create(
            {
                "code": vals.pop("code", f"{kind} {(partner or cls.company).name}"),
                "description": "What we need",
                "type": kind,
                "partner_ids": [Command.set((partner or partner.browse()).ids)]
                if partner
                else [],
                "line_ids": [Command.create(line)],
                **vals,
            }
        )
        if activate:
            card.with_user(cls.keeper).action_activate()
        return card

    @classmethod
    def _prepare_criterion(cls, country, **vals):
        return {
            "kind": "attribute",
            "attribute_id": cls.origin.id,
            "operator": "not in",
            "country_ids": [Command.set(country.ids)],
            **vals,
        }

    # -- Orders, as those who enter them -----------------------------------------------

    def _make_purchase(self, *quantities, product=None, partner=None):
        form = Form(self.env["purchase.order"].with_user(self.buyer))
        form.partner_id = partner or self.partner
        form.picking_type_id = self.warehouse.in_type_id
        for quantity in quantities or (5,):
            with form.order_line.new() as line:
                line.product_id = product or self.product
                line.product_qty = quantity
        return form.save()

    def _make_sale(self, *quantities, product=None, partner=None, blanket=None):
        form = Form(self.env["sale.order"].with_user(self.seller))
        form.partner_id = partner or self.contact
        if blanket:
            form.qms_blanket_id = blanket
        for quantity in quantities or (5,):
            with form.order_line.new() as line:
                line.product_id = product or self.product
                line.product_uom_qty = quantity
        order = form.save()
        order.sudo().warehouse_id = self.warehouse
        return order

    def _make_production(self, quantity=10):
        form = Form(self.env["mrp.production"].with_user(self.operator))
        form.product_id = self.cheese
        form.picking_type_id = self.warehouse.manu_type_id
        form.bom_id = self.bom
        form.product_qty = quantity
        return form.save()

    def _copies(self, lines):
        """Return the copies of order lines, read from the database, as superuser."""
        self.env.invalidate_all()
        return lines.sudo().qms_requirement_ids

    def _adjust(self, copy, country=None):
        """Change a copy as the QRS administrator does, in its dialog."""
        with Form(copy.with_user(self.keeper)) as form:
            with form.criterion_ids.edit(0) as criterion:
                criterion.country_ids.clear()
                criterion.country_ids.add(country or self.france)

    def _countries(self, copies):
        return [copy.criterion_ids.country_ids.mapped("code") for copy in copies]

    def _receive(self, purchase, quantity=None):
        """Receive goods of a confirmed purchase; the rest waits in a backorder."""
        picking = purchase.sudo().picking_ids.filtered(lambda one: one.state != "done")
        move = picking.move_ids[:1]
        lot = self._make_lot(f"L{picking.id}", move.product_id)
        move.move_line_ids.unlink()
        move.move_line_ids = [
            Command.create(
                {
                    "product_id": move.product_id.id,
                    "lot_id": lot.id,
                    "quantity": quantity or move.product_uom_qty,
                    "location_id": move.location_id.id,
                    "location_dest_id": move.location_dest_id.id,
                }
            )
        ]
        move.picked = True
        picking._action_done()
        return picking


class CardCase(RequiredCase):
    """A card of each type is active, for all products."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.purchase_card = cls._make_card("purchase", cls.partner)
        cls.sales_card = cls._make_card("sales", cls.customer_company)
        cls.production_card = cls._make_card("production")
