from odoo import Command
from odoo.tests import tagged

from .common_trade import TradeCase

BUTTON = 'name="action_qms_trace"'


@tagged("post_install", "-at_install")
class TestTraceOpened(TradeCase):
    """The button on each document opens the graph of its lots.

    Pressed by whoever may do least of those who have it.
    """

    def _open(self, user, records):
        """Press the button; return the names of the lots from which the graph goes."""
        action = records.with_user(user).action_qms_trace()
        self.assertEqual(action["tag"], "qms_trace_graph")
        context = action["context"]
        trace = self.env["qms.trace"].with_user(user)
        graph = trace.get_graph(context["trace_model"], context["trace_ids"])
        names = {node["id"]: node["name"] for node in graph["nodes"]}
        return {names[root] for root in graph["roots"]}

    def assertOpens(self, user, records, roots):
        """Expect the button for this user on the form, and these lots behind it."""
        mine = records.with_user(user)
        self.assertIn(BUTTON, mine.get_view(view_type="form")["arch"])
        self.assertTrue(mine.read(["display_name"]), "he can open it")
        self.assertEqual(self._open(user, records), roots)

    def test_lots_and_products(self):
        self.assertOpens(self.clerk, self.milk_1, {"M-1"})
        self.assertOpens(self.clerk, self.cheese, {"C-1", "C-2"})
        self.assertOpens(self.clerk, self.cheese.product_tmpl_id, {"C-1", "C-2"})

    def test_list_of_lots(self):
        """All that are ticked, in one picture."""
        lots = self.milk_1 | self.cheese_2
        arch = lots.with_user(self.clerk).get_view(view_type="list")["arch"]
        self.assertIn(BUTTON, arch)
        self.assertEqual(self._open(self.clerk, lots), {"M-1", "C-2"})

    def test_manufacturing_order(self):
        self.assertOpens(self.worker, self.curd_order, {"K-1"})

    def test_manufacturing_order_of_goods_without_lots(self):
        butter = self._make_product("Butter", tracking="none")
        order = self._make(1, [], [(self.milk_2, 0.5)], product=butter)
        self.assertOpens(self.worker, order, {"M-2"})

    def test_purchase_order(self):
        self.assertOpens(self.clerk, self._buy("M-9"), {"M-9"})
        self.assertOpens(self.inspector, self._buy("M-10"), {"M-10"})

    def test_sales_order(self):
        self.assertOpens(self.clerk, self._sell(self.cheese_2), {"C-2"})

    def test_transfers_and_packages(self):
        self.assertOpens(self.clerk, self.delivery, {"C-1"})
        box = self.env["stock.package"].create({"name": "BOX"})
        self._stock_up(1, self.cheese_2, self.shelf, package=box)
        move = self._picking("internal", 1, self.cheese, self.shelf, self.stock)
        move.action_confirm()
        move.move_ids.picked = True
        move.with_user(self.clerk).button_validate()
        self.assertOpens(self.clerk, box, {"C-2"})

    def test_partners(self):
        self.assertOpens(self.clerk, self.shop, {"C-1"})
        self.assertOpens(self.clerk, self.partner, {"M-1", "M-2"})

    def test_nonconformance(self):
        case = self.env["qms.nonconformance"].create(
            {
                "subject": "Holes",
                "product_id": self.cheese.id,
                "lot_ids": [Command.link(self.cheese_2.id)],
            }
        )
        self.assertOpens(self.inspector, case, {"C-2"})

    def test_others_have_no_button(self):
        for model, group in (
            ("purchase.order", "purchase.group_purchase_user"),
            ("sale.order", "sales_team.group_sale_salesman"),
            ("res.partner", "base.group_user"),
            ("product.product", "base.group_user"),
        ):
            user = self._make_user(f"qms_other_{model}", group)
            view = self.env[model].with_user(user).get_view(view_type="form")
            self.assertNotIn(BUTTON, view["arch"], model)
