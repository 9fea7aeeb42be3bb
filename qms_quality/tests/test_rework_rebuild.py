from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_rework import ReworkCase


@tagged("post_install", "-at_install")
class TestRebuild(ReworkCase):
    """Rework by taking apart and building again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lid = cls._make_product("Lid", "none", categ_id=cls.average.id)
        cls.jar = cls._make_product("Jar", categ_id=cls.average.id)
        cls.recipe = cls._make_bom(cls.jar, (cls.milk, 2), (cls.lid, 1))

    def _make_jars(self, quantity=5):
        """Buy the parts and make jars of them; return their lot and their order."""
        self._buy(2 * quantity, price=3, lots=["M1"])
        self._buy(quantity, price=1, product=self.lid)
        order = self.env["mrp.production"].create(
            {
                "product_id": self.jar.id,
                "bom_id": self.recipe.id,
                "product_qty": quantity,
                "picking_type_id": self.warehouse.manu_type_id.id,
            }
        )
        order.action_confirm()
        order.action_assign()
        jars = self._make_lot("J1", self.jar)
        order.lot_producing_ids = jars
        order.button_mark_done()
        return jars, order

    def test_taken_apart_and_built_again(self):
        """3 of 5 jars are taken apart, their parts make new jars, tested again."""
        jars, made_by = self._make_jars()
        case = self._open_case(jars)
        row = self._rework(case, 3, jars, "unbuild")
        unbuild = row.unbuild_ids
        self.assertEqual((unbuild.mo_id, unbuild.state), (made_by, "draft"))
        action = row.with_user(self.inspector).action_open_documents()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("mrp.unbuild", unbuild.id)
        )
        self.assertEqual(row.state, "in_progress")
        unbuild.with_user(self.operator).action_validate()
        self.assertEqual(unbuild.state, "done")
        self.assertEqual(self._quantity(self.stock, jars), 2)
        self.assertEqual(self._quantity(self.stock, self._lot("M1")), 6)
        self.assertEqual((row.state, row.done_quantity), ("in_progress", 3))

        order = row.production_ids
        self.assertEqual((order.product_id, order.product_qty), (self.jar, 3))
        self.assertEqual(order.reservation_state, "assigned")
        order.with_user(self.operator).button_mark_done()
        child = row.child_lot_id
        self.assertEqual(child.parent_lot_id, jars)
        self.assertEqual(self._quantity(self.stock, child), 3)
        self.assertEqual(row.state, "done")
        self.assertEqual(order.move_finished_ids.value, 21)
        self.assertEqual(case.order_ids.lot_ids, child)
        self.assertEqual(child.inspection_status_id, self.under_inspection)
        self.assertEqual(jars.inspection_status_id, self.on_hold)
        self._pass(case.order_ids)
        self._deliver(child)

    def test_given_up(self):
        """An unbuild order that is deleted leaves the goods held."""
        jars, _made_by = self._make_jars()
        case = self._open_case(jars)
        row = self._rework(case, 3, jars, "unbuild")
        row.unbuild_ids.unlink()
        self.assertEqual(row.state, "approved")
        self.assertEqual(self._quantity(self.stock, jars), 5)
        case.with_user(self.inspector).action_execute()
        self.assertEqual(row.state, "in_progress")

    def test_not_built_again(self):
        """Goods that were taken apart are gone, whether they are built again or not."""
        jars, _made_by = self._make_jars()
        case = self._open_case(jars)
        row = self._rework(case, 3, jars, "unbuild")
        row.unbuild_ids.with_user(self.operator).action_validate()
        row.production_ids.with_user(self.operator).action_cancel()
        self.assertEqual((row.state, row.done_quantity), ("done", 3))
        self.assertEqual(self._quantity(self.stock, jars), 2)
        # 2 jars, and the parts of the others: 6 of milk, 3 lids
        self.assertEqual(case.undisposed_quantity, 11)

    def test_other_goods_in_its_name(self):
        """The operator takes apart what was decided, and nothing else."""
        jars, _made_by = self._make_jars()
        case = self._open_case(jars)
        row = self._rework(case, 3, jars, "unbuild")
        unbuild = row.unbuild_ids.with_user(self.operator)
        unbuild.product_qty = 5
        with self.assertRaises(UserError) as caught:
            unbuild.action_unbuild()
        self.assertEqual(
            str(caught.exception),
            f"{unbuild.name} takes apart what {row.display_name} decided, and nothing"
            f" else: 3 Units in {self.stock.display_name}.",
        )
        self.assertEqual(self._quantity(self.stock, jars), 5)

    def test_unknown_parts(self):
        """Of goods that nobody knows who made, tracked parts can't be told."""
        jars, _made_by = self._make_jars()
        child = jars._qms_split(2, self.stock)
        case = self._open_case(child)
        self._propose(
            case,
            "rework",
            2,
            child,
            rework_way="unbuild",
            test_group_ids=[(6, 0, self.retest.ids)],
        )
        with self.assertRaisesRegex(
            UserError, "order that made J1-1 isn't known.*these parts are of: Raw milk"
        ):
            case.with_user(self.inspector).action_submit()

    def test_serial(self):
        """A serial number is taken apart and built again under its number."""
        self.jar.tracking = "serial"
        self._buy(2, price=3, lots=["M1"])
        self._buy(1, price=1, product=self.lid)
        order = self.env["mrp.production"].create(
            {
                "product_id": self.jar.id,
                "bom_id": self.recipe.id,
                "product_qty": 1,
                "picking_type_id": self.warehouse.manu_type_id.id,
            }
        )
        order.action_confirm()
        order.action_assign()
        serial = self._make_lot("J1", self.jar)
        order.lot_producing_ids = serial
        order.button_mark_done()
        case = self._open_case(serial)
        row = self._rework(case, 1, serial, "unbuild")
        row.unbuild_ids.with_user(self.operator).action_validate()
        row.production_ids.with_user(self.operator).button_mark_done()
        self.assertEqual(row.state, "done")
        self.assertEqual(self._quantity(self.stock, serial), 1)
        self.assertFalse(case._get_held_quants())
        self.assertEqual(case.order_ids.lot_ids, serial)
        self.assertEqual(serial.inspection_status_id, self.under_inspection)
