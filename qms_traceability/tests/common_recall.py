from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user

from .common import TraceCase

CUSTOMERS = 12
CASES = 50
GTIN = "09506000134352"


class RecallCase(TraceCase):
    """Salad dressing of a contaminated ingredient, delivered to twelve customers.

    ``cls.ingredient`` (600 kg of lot INGred-01 from ``cls.supplier_x``) and clean oil
    went into 650 cases of ``cls.dressing``: lot SD-2026-0315. Each of
    ``cls.customers`` got 50. ``cls.portal_user`` works for the first of them,
    ``cls.rival_user`` for the second.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.culture = cls._make_product("Mustard seed")
        cls.oil = cls._make_product("Sunflower oil")
        cls.dressing_product = cls._make_product("Salad dressing", barcode=GTIN)
        cls.supplier_x = cls._make_company("Supplier X", "office@x.example")
        cls.supplier_y = cls._make_company("Supplier Y", "office@y.example")
        cls.ingredient = cls._receive(cls.culture, "INGred-01", 600, cls.supplier_x)
        cls.clean = cls._receive(cls.oil, "OIL-7", 500, cls.supplier_y)
        cls.dressing = cls._produce(
            cls.dressing_product,
            "SD-2026-0315",
            650,
            {cls.ingredient: 325, cls.clean: 260},
        )
        cls.customers = cls.env["res.partner"].union(
            *(
                cls._make_company(f"Market {number:02d}", f"m{number}@market.example")
                for number in range(1, CUSTOMERS + 1)
            )
        )
        cls.deliveries = cls.env["stock.picking"].union(
            *(cls._deliver(one, cls.dressing, CASES) for one in cls.customers)
        )
        cls.portal_user = cls._make_portal_user("recall_market", cls.customers[0])
        cls.rival_user = cls._make_portal_user("recall_rival", cls.customers[1])

    @classmethod
    def _make_company(cls, name, email):
        return cls.env["res.partner"].create(
            {"name": name, "is_company": True, "email": email, "city": "Ghent"}
        )

    @classmethod
    def _make_portal_user(cls, login, company):
        partner = cls.env["res.partner"].create(
            {"name": f"Buyer of {company.name}", "parent_id": company.id}
        )
        return new_test_user(
            cls.env,
            login,
            groups="base.group_portal",
            name=partner.name,
            partner_id=partner.id,
            email=f"{login}@market.example",
            context={"no_reset_password": True},
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    # -- Goods -------------------------------------------------------------------------

    @classmethod
    def _receive(cls, product, name, quantity, partner):
        """Receive a new lot from a supplier; return it."""
        picking = cls._picking("incoming", quantity, product, partner_id=partner.id)
        picking.action_confirm()
        picking.move_ids.move_line_ids.write({"lot_name": name, "quantity": quantity})
        picking.move_ids.picked = True
        picking.button_validate()
        assert picking.state == "done"
        return picking.move_line_ids.lot_id

    @classmethod
    def _start(cls, product, quantity, uses):
        """Return a confirmed order that has taken its components from lots."""
        order = cls.env["mrp.production"].create(
            {
                "product_id": product.id,
                "product_qty": quantity,
                "picking_type_id": cls.warehouse.manu_type_id.id,
                "location_src_id": cls.stock.id,
                "location_dest_id": cls.stock.id,
                "move_raw_ids": [
                    (
                        0,
                        0,
                        {
                            "product_id": lot.product_id.id,
                            "product_uom_qty": used,
                            "location_id": cls.stock.id,
                            "location_dest_id": product.with_company(
                                cls.company
                            ).property_stock_production.id,
                        },
                    )
                    for lot, used in uses.items()
                ],
            }
        )
        order.action_confirm()
        for move in order.move_raw_ids:
            lot = next(one for one in uses if one.product_id == move.product_id)
            move._do_unreserve()
            line = move._prepare_move_line_vals(quantity=uses[lot])
            cls.env["stock.move.line"].create({**line, "lot_id": lot.id})
            move.picked = True
        return order

    @classmethod
    def _finish(cls, order, name):
        """Close an order; return the lot that it made."""
        lot = cls.env["stock.lot"].create(
            {"name": name, "product_id": order.product_id.id}
        )
        order.lot_producing_ids = lot
        order.qty_producing = order.product_qty
        order.button_mark_done()
        assert order.state == "done"
        return lot

    @classmethod
    def _produce(cls, product, name, quantity, uses):
        return cls._finish(cls._start(product, quantity, uses), name)

    @classmethod
    def _deliver(cls, partner, lot, quantity):
        """Deliver goods of a lot to a customer; return the transfer."""
        picking = cls._delivery(
            quantity, lot, product=lot.product_id, partner_id=partner.id
        )
        picking.button_validate()
        assert picking.state == "done"
        return picking

    # -- Recalls -----------------------------------------------------------------------

    def _open(self, lots=None, **vals):
        """Open a recall as the coordinator does."""
        form = Form(self.env["qms.recall"].with_user(self.coordinator))
        form.subject = "Salmonella in salad dressing"
        form.recall_class = "1"
        form.reason = "Found in mustard seed INGred-01."
        form.instructions = "Do not sell it. Set it apart."
        for name, value in vals.items():
            form[name] = value
        for lot in lots or []:
            form.lot_ids.add(lot)
        return form.save()

    def _analysed(self, lots=None, **vals):
        recall = self._open(self.ingredient if lots is None else lots, **vals)
        recall.action_analyse()
        return recall

    def _contained(self, **vals):
        recall = self._analysed(**vals)
        recall.action_contain()
        self.assertEqual(recall.state, "contained")
        return recall

    def _told(self, **vals):
        """Return a recall whose customers are all told by mail."""
        recall = self._contained(**vals)
        action = recall.action_tell()
        review = self.env[action["res_model"]].with_user(self.coordinator)
        review.browse(action["res_id"]).action_send()
        return recall

    def _run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("qms_traceability.cron_recall_contain").method_direct_trigger()
        self.env.invalidate_all()

    def assertRefused(self, text, call, error=UserError):
        """Expect a refusal that says ``text``, and nothing done."""
        with self.assertRaises(error) as refusal:
            call()
        self.assertIn(text, str(refusal.exception))

    def _row(self, recall, lot):
        return recall.line_ids.filtered(lambda row: row.lot_id == lot)

    def _notice(self, recall, number=0):
        partner = self.customers[number]
        return recall.customer_ids.filtered(lambda one: one.partner_id == partner)

    def _get_trail(self, record):
        """Return the events of a record's audit trail, the first first."""
        entries = self.env["qms.audit.entry"]
        entries._write_pending()
        found = entries.search(
            [("res_model", "=", record._name), ("res_id", "in", record.ids)], order="id"
        )
        return list(dict.fromkeys(found.mapped("event")))
