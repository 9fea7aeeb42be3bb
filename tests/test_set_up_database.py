"""The database that ``make test`` makes."""

from odoo.tests import HttpCase, TransactionCase, tagged

from tools import addons
from tools.databases import TEST_MODULES


@tagged("standard", "post_install", "-at_install")
class TestDatabase(TransactionCase):
    def test_addons_and_routes_are_installed(self):
        wanted = {*addons.names(), *addons.core_dependencies(), *TEST_MODULES}
        modules = self.env["ir.module.module"].search([("state", "=", "installed")])
        self.assertLessEqual(wanted, set(modules.mapped("name")))

    def test_demo_data_is_installed(self):
        wanted = self.env["ir.module.module"].search([("name", "in", addons.names())])
        self.assertTrue(all(wanted.mapped("demo")))

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
