from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import format_date

from .common_minimum import MinimumCase


@tagged("post_install", "-at_install")
class TestSalesMinimum(MinimumCase):
    """A product's sales minimum, where no card says what shelf life must be left."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.milk.qms_sales_min_shelf_life = "10D"

    def test_off_until_chosen(self):
        self.assertFalse(self.company.qms_sales_minimum)
        self._make_lots()
        delivery = self._sell_milk(10)
        self.assertEqual(self._taken(delivery), {"SHORT": 10})
        delivery.button_validate()
        self.assertFalse(self._deviations(picking_id=delivery.id))

    def test_blocked(self):
        self.company.qms_sales_minimum = "blocked"
        short, _mid, _long = self._make_lots()
        delivery = self._sell_milk(25)
        self.assertEqual(self._taken(delivery), {"MID": 10, "LONG": 10})
        self.assertIn("5 days left", delivery.move_ids.qms_shortage)
        with self.assertRaises(UserError) as refused:
            self._take(delivery, short)
        expiry = format_date(self.env, self.today + timedelta(days=5))
        self.assertEqual(
            str(refused.exception),
            "These goods don't meet what is required of them and can't be used for this"
            " (delivery):\n"
            f"Fresh Milk · SHORT · {self.stock.display_name}\n"
            "    Sales minimum of the product: At least 10 days left when delivered."
            f" Found: expires on {expiry}, 5 days left\n"
            "Take other goods, or have a QRS administrator change the requirements of"
            " the order line.",
        )

    def test_blocked_by_any_route(self):
        self.company.qms_sales_minimum = "blocked"
        short, _mid, _long = self._make_lots()
        # without an order too
        delivery = self._delivery(4, short, product=self.milk).with_user(self.clerk)
        forged = {"skip_expired": True, "qms_steering": True, "qms_sentinel": True}
        for records in (delivery, delivery.move_ids):
            with self._refused("Sales minimum of the product"):
                records.with_context(**forged)._action_done()
        # inside the warehouse it may go where it likes
        inside = self._picking("internal", 4, product=self.milk, dest=self.shelf)
        inside.action_confirm()
        inside.action_assign()
        self.assertEqual(self._taken(inside), {"SHORT": 4})
        inside.move_ids.picked = True
        inside.button_validate()
        self.assertEqual(inside.state, "done")

    def test_the_pick_takes_what_the_customer_may_get(self):
        self.company.qms_sales_minimum = "blocked"
        self.warehouse.delivery_steps = "pick_ship"
        self._make_lots()
        pickings = self._sell_milk(4)
        self.assertEqual(self._taken(pickings), {"MID": 4})

    def test_recorded(self):
        self.company.qms_sales_minimum = "recorded"
        self._make_lots()
        delivery = self._sell_milk(25)
        self.assertEqual(self._taken(delivery), {"MID": 10, "LONG": 10, "SHORT": 5})
        delivery.button_validate()
        deviation = self._deviations(picking_id=delivery.id)
        self.assertRecordValues(
            deviation,
            [
                {
                    "departure": "recorded",
                    "direction": "out",
                    "expected": "At least 10 days left when delivered",
                    "partner_id": self.fresh.id,
                    "quantity": 5,
                    "criterion_id": False,
                    "is_by_hand": False,
                }
            ],
        )
        self.assertIn("5 days left", deviation.found)
        self.assertIn("Sales minimum of the product", delivery.message_ids[0].body)
        # a correction of the line doesn't record it again
        line = delivery.move_line_ids.filtered(lambda one: one.lot_id.name == "SHORT")
        line.quantity = 6
        self.assertEqual(self._deviations(picking_id=delivery.id), deviation)

    def test_a_card_counts_instead(self):
        self.company.qms_sales_minimum = "blocked"
        self._card_of(self.fresh, self._left("3D"))
        self._card_of(self.hotel, {"kind": "fefo"}, code="HOTEL")
        self._make_lots()
        self.assertEqual(self._taken(self._sell_milk(4)), {"SHORT": 4})
        # this card says nothing of it
        self.assertEqual(self._taken(self._sell_milk(4, self.hotel)), {"MID": 4})

    def test_what_the_category_says(self):
        self.company.qms_sales_minimum = "blocked"
        above = self.env["product.category"].create(
            {"name": "Dairy", "qms_sales_min_shelf_life": "20D"}
        )
        self.milk.categ_id = above.create({"name": "Milk", "parent_id": above.id})
        self._make_lots()
        self.assertEqual(self._taken(self._sell_milk(1)), {"MID": 1})
        self.milk.qms_sales_min_shelf_life = False
        self.assertEqual(self._taken(self._sell_milk(1)), {"LONG": 1})

    def test_food_switches_it_on(self):
        self.assertFalse(self.company.qms_sales_minimum)
        self.env["qms.starting.point"]._switch_on("food")
        self.assertEqual(self.company.qms_sales_minimum, "blocked")

    def test_the_setting(self):
        with self.assertRaises(AccessError):
            self.company.with_user(self.clerk).qms_sales_minimum = "blocked"
        with Form(self.env["res.config.settings"]) as form:
            form.qms_sales_minimum = "recorded"
        form.record.execute()
        self.assertEqual(self.company.qms_sales_minimum, "recorded")
