from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import STOCK_USER, QmsCase

MENUS = "qms_quality.menu_qms_root"


@tagged("post_install", "-at_install")
class TestViews(QmsCase):
    """Every screen opens for those whom its menu is shown to."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot = cls._make_lot("V-1")
        cls.quant = cls._stock_up(10, cls.lot)
        cls.package = cls.env["stock.package"].create({"name": "V-PACK"})
        cls._stock_up(2, cls.lot, package=cls.package)
        cls.hold = cls._hold(lot=cls.lot)
        for group in ("group_production_lot", "group_tracking_lot"):
            cls.env.ref("base.group_user").implied_ids += cls.env.ref(f"stock.{group}")
        cls.stock_inspector = cls._make_user(
            "qms_stock_inspector", STOCK_USER, "qms_quality.group_quality_inspector"
        )

    def _get_actions(self, user):
        menus = self.env["ir.ui.menu"].with_user(user)
        root = self.env.ref(MENUS)
        visible = set(menus._visible_menu_ids())
        # a menu below a hidden one isn't shown
        shown = menus.browse(visible).filtered(
            lambda menu: (
                menu.parent_path.startswith(root.parent_path)
                and {int(part) for part in menu.parent_path.split("/")[:-1]} <= visible
            )
        )
        # what is no view of a model is opened by its own test, in a browser
        window = "ir.actions.act_window"
        return [
            menu.action.sudo()
            for menu in shown
            if menu.action and menu.action._name == window
        ]

    def _open(self, action, user):
        """Load the views of ``action`` and read what they show, as the client does."""
        model = self.env[action.res_model].with_user(user)
        options = {"load_filters": True, "toolbar": True}
        views = [(False, mode) for mode in action.view_mode.split(",")]
        found = model.get_views([*views, (False, "search")], options)["views"]
        for mode in ("list", "form", "kanban"):
            if mode in found:
                names = self._get_names(found[mode]["arch"])
                model.search([], limit=3).read(names)

    def _get_names(self, arch):
        nodes = etree.fromstring(arch).xpath(
            "//field[not(ancestor::field)][not(ancestor::groupby)]"
        )
        return list({node.get("name") for node in nodes})

    def test_menus_of_inspector_and_manager(self):
        for user in (self.inspector, self.manager):
            actions = self._get_actions(user)
            self.assertIn("qms.hold", [action.res_model for action in actions])
            for action in actions:
                with self.subTest(user=user.login, action=action.name):
                    self._open(action, user)

    def test_configuration_is_for_managers(self):
        models = [action.res_model for action in self._get_actions(self.inspector)]
        self.assertNotIn("qms.inspection.status", models)
        models = [action.res_model for action in self._get_actions(self.manager)]
        for model in ("qms.inspection.status", "qms.status.rule", "qms.hold.reason"):
            self.assertIn(model, models)
        self.assertNotIn("res.config.settings", models)

    def test_forms_people_already_use(self):
        picking = self._picking("outgoing", 4)
        picking.action_confirm()
        for user in (self.clerk, self.stock_inspector):
            for record in (
                self.lot,
                self.package,
                self.product,
                self.product.product_tmpl_id,
                picking,
                self.stock,
            ):
                with self.subTest(user=user.login, model=record._name):
                    Form(record.with_user(user))

    def test_forms_that_an_inspector_comes_to(self):
        picking = self._picking("outgoing", 4)
        picking.action_confirm()
        for record in (self.lot, self.package, picking, self.hold):
            with self.subTest(model=record._name):
                user_record = record.with_user(self.inspector)
                arch = user_record.get_view(view_type="form")["arch"]
                self.env.invalidate_all()
                user_record.read(self._get_names(arch))

    def test_buttons_are_shown_to_those_who_may(self):
        for user, shown in ((self.clerk, False), (self.stock_inspector, True)):
            for model in ("stock.lot", "stock.package", "stock.picking"):
                arch = (
                    self.env[model].with_user(user).get_view(view_type="form")["arch"]
                )
                with self.subTest(user=user.login, model=model):
                    self.assertEqual('name="action_qms_hold"' in arch, shown)

    def test_lists_of_stock_show_the_status(self):
        for xmlid in (
            "stock.view_stock_quant_tree_editable",
            "stock.view_stock_quant_tree",
            "stock.view_stock_quant_tree_inventory_editable",
        ):
            view = self.env.ref(xmlid)
            arch = self.env["stock.quant"].with_user(self.clerk).get_view(view.id)
            self.assertIn('name="inspection_status_id"', arch["arch"])
        self.assertEqual(
            self.quant.with_user(self.clerk).inspection_status_id, self.on_hold
        )

    def test_search_for_held_stock_and_lots(self):
        free = self._make_lot("V-2")
        self._stock_up(3, free)
        domain = [("product_id", "=", self.product.id)]
        quants = (
            self.env["stock.quant"]
            .with_user(self.clerk)
            .search([*domain, ("inspection_status_id", "!=", self.available.id)])
        )
        self.assertEqual(quants.lot_id, self.lot)
        lots = (
            self.env["stock.lot"]
            .with_user(self.clerk)
            .search([*domain, ("qms_hold_ids.state", "=", "open")])
        )
        self.assertEqual(lots, self.lot)

    def test_lot_shows_that_a_part_is_held(self):
        lot = self._make_lot("V-3")
        self._stock_up(3, lot, self.shelf)
        self.assertFalse(lot.qms_part_status_id)
        hold = self._hold(self.rejected, lot=lot, location=self.shelf)
        self.assertEqual(lot.inspection_status_id, self.available)
        self.assertEqual(lot.with_user(self.clerk).qms_part_status_id, self.rejected)
        self._hold(self.env.ref("qms_quality.status_recalled"), lot=lot)
        self.assertFalse(lot.qms_part_status_id)
        hold._release("Test")

    def test_product_counts_its_open_holds(self):
        self.assertEqual(self.product.qms_open_hold_count, 1)
        self.assertEqual(self.product.product_tmpl_id.qms_open_hold_count, 1)
        self.hold._release("Test")
        self.product.invalidate_recordset()
        self.assertEqual(self.product.qms_open_hold_count, 0)

    def test_status_says_what_it_blocks(self):
        self.assertEqual(
            self.env.ref("qms_quality.status_conditional").blocked_names,
            "Transfer, Delivery",
        )
        self.assertFalse(self.available.blocked_names)

    def test_permit_says_in_words_what_it_is_for(self):
        self.lot._qms_split(3, self.stock)
        permit = self.env["qms.hold.permit"].search([("hold_id", "=", self.hold.id)])
        permit = permit.with_user(self.inspector)
        self.assertEqual(permit.transaction_type, "adjustment")
        self.assertEqual(permit.display_name, f"{self.hold.name}: Inventory adjustment")
        self.assertEqual(permit.product_id, self.product)

    def test_whoever_sees_a_hold_may_talk_about_it(self):
        hold = self.hold.with_user(self.inspector)
        activity = hold.activity_schedule(
            "mail.mail_activity_data_todo",
            summary="Call the farm",
            user_id=self.inspector.id,
        )
        self.assertEqual(self.hold.activity_ids, activity)
        self.assertTrue(hold.message_post(body="They bring a new one."))

    def test_sales_order_says_that_its_goods_are_held(self):
        seller = self._make_user("qms_seller", "sales_team.group_sale_salesman")
        sale = self._make_sale(seller, 5)
        self.assertEqual(sale.qms_shortage, "Milk: 0 Units available, 12 Units held")
        why = self.env["qms.why"].browse(sale.action_qms_why()["res_id"])
        self.assertEqual(why.with_user(seller).line_ids.lot_id, self.lot)
        self.hold._release("Test")
        sale.invalidate_recordset()
        self.assertFalse(sale.qms_shortage)

    def test_others_do_not_ask_about_a_sellers_order(self):
        seller = self._make_user("qms_seller", "sales_team.group_sale_salesman")
        other = self._make_user("qms_other", "sales_team.group_sale_salesman")
        sale = self._make_sale(seller, 5)
        with self.assertRaises(AccessError):
            sale.with_user(other).action_qms_why()

    def _make_sale(self, user, quantity):
        sale = self.env["sale.order"].create(
            {
                "partner_id": self.partner.id,
                "user_id": user.id,
                "warehouse_id": self.warehouse.id,
                "order_line": [
                    Command.create(
                        {"product_id": self.product.id, "product_uom_qty": quantity}
                    )
                ],
            }
        )
        sale.action_confirm()
        self.env.invalidate_all()
        return sale.with_user(user)

    def test_purchase_order_opens_the_holds_of_what_it_brought(self):
        buyer = self._make_user("qms_buyer", "purchase.group_purchase_user")
        purchase = self.env["purchase.order"].create(
            {
                "partner_id": self.partner.id,
                "picking_type_id": self.warehouse.in_type_id.id,
                "order_line": [
                    Command.create({"product_id": self.product.id, "product_qty": 8})
                ],
            }
        )
        purchase.button_confirm()
        picking = purchase.picking_ids
        picking.move_line_ids.lot_name = "V-BOUGHT"
        picking.button_validate()
        purchase = purchase.with_user(buyer)
        self.assertFalse(purchase.qms_open_hold_count)
        hold = self._hold(self.rejected, lot=picking.move_line_ids.lot_id)
        purchase.invalidate_recordset()
        self.assertEqual(purchase.qms_open_hold_count, 1)
        self.assertEqual(purchase.action_qms_open_holds()["res_id"], hold.id)
        self.assertIn("action_qms_open_holds", purchase.get_view()["arch"])

    def test_held_stock_of_a_hold(self):
        action = self.hold.with_user(self.clerk).action_open_quants()
        quants = self.env["stock.quant"].search(action["domain"])
        self.assertEqual(quants, self.lot.quant_ids)
