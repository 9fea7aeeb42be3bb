"""The database that ``make test`` makes."""

from odoo.tests import HttpCase, TransactionCase, tagged

from tools import addons
from tools.databases import TEST_MODULES

CUSTOMERS = ("cafe", "market", "clinic")


@tagged("standard", "post_install", "-at_install")
class TestDatabase(TransactionCase):
    def test_addons_and_routes_are_installed(self):
        wanted = {*addons.names(), *addons.core_dependencies(), *TEST_MODULES}
        modules = self.env["ir.module.module"].search([("state", "=", "installed")])
        self.assertLessEqual(wanted, set(modules.mapped("name")))

    def test_demo_data_is_installed(self):
        wanted = self.env["ir.module.module"].search([("name", "in", addons.names())])
        self.assertTrue(all(wanted.mapped("demo")))

    def test_demo_shows_each_status_of_a_lot(self):
        story = {
            "M-2611-07": "available",
            "F-0341": "available",
            "Y-2611-16": "available",
            "M-2611-18": "under_inspection",
            "Y-2611-20": "under_inspection",
            "M-2611-12": "on_hold",
            "F-0342": "rejected",
        }
        for name, status in story.items():
            with self.subTest(name):
                lot = self.env["stock.lot"].search([("name", "=", name)])
                wanted = self.env.ref(f"qms_quality.status_{status}")
                self.assertEqual(lot.inspection_status_id, wanted)

    def test_demo_buys_from_two_farms_and_sells_to_three_customers(self):
        goods = {
            name: self._demo(f"product_{name}") for name in ("milk", "fruit", "yoghurt")
        }
        bought = self.env["purchase.order.line"].search(
            [("product_id", "in", (goods["milk"] | goods["fruit"]).ids)]
        )
        self.assertEqual(
            bought.partner_id, self._demo("farm_milk") | self._demo("farm_fruit")
        )
        sold = self.env["sale.order.line"].search(
            [("product_id", "=", goods["yoghurt"].id)]
        )
        customers = [self._demo(f"customer_{name}") for name in CUSTOMERS]
        self.assertEqual(
            sold.order_partner_id, self.env["res.partner"].union(*customers)
        )

    def test_demo_waits_for_sign_off_and_components(self):
        company = self.env.ref("base.main_company")
        self.assertTrue(company.qms_close_needs_signoff)
        self.assertTrue(company.qms_start_needs_components)

    def _demo(self, name):
        return self.env.ref(f"qms_quality.demo_{name}")

    def test_bundles_are_generated(self):
        bundle = ("url", "=like", "/web/assets/%/web.assets_web.min.js")
        self.assertTrue(self.env["ir.attachment"].search([bundle]))


@tagged("standard", "post_install", "-at_install")
class TestWebClient(HttpCase):
    def test_opens_in_the_browser_without_an_error(self):
        self.browser_js(
            "/odoo",
            "console.log('test successful')",
            "!!document.querySelector('.o_main_navbar')",
            login="admin",
        )
