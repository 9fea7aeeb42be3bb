from odoo.tests import tagged

from odoo.addons.qms_quality.models.inspection.sampling.draw import draw
from odoo.addons.qms_quality.models.inspection.sampling.sampling_counter import is_drawn
from odoo.addons.qms_quality.models.sentinel import trusted

from .common_sampling import SamplingCase


@tagged("post_install", "-at_install")
class TestSamplingDraw(SamplingCase):
    """The units to take are drawn, listed, read, and can be drawn again."""

    def _serial_order(self, taken=3, count=12, **vals):
        self._sample_by(self._make_plan("fixed", quantity=taken, **vals), self.serial)
        names = [f"S{i:02}" for i in range(count)]
        return self._orders(self._receive(names, product=self.serial))

    def test_serial_numbers(self):
        order = self._serial_order()
        lots = order.lot_ids.sorted("id")
        numbers = draw(order.draw_seed, 12, 3)
        self.assertEqual(order.unit_ids.mapped("number"), numbers)
        self.assertEqual(
            order.unit_ids.lot_id, lots.browse([lots.ids[n - 1] for n in numbers])
        )
        self.assertEqual(len(order.draw_seed), 16)

    def test_readings_of_the_sample_only(self):
        order = self._serial_order()
        self.assertEqual(len(order.result_ids), 3)
        self.assertEqual(order.result_ids.lot_id, order.unit_ids.lot_id)
        self.assertEqual(
            order.result_ids[0].display_name,
            f"Weight ({order.unit_ids[0].lot_id.name})",
        )

    def test_the_verdict_is_about_all(self):
        order = self._serial_order()
        self.assertEqual(order.lot_ids.inspection_status_id, self.under_inspection)
        self._fill(order)
        order.with_user(self.inspector).action_validate()
        self.assertEqual(order.lot_ids.inspection_status_id, self.available)

    def test_the_sample_read_as_a_whole(self):
        order = self._serial_order(reading_scope="sample")
        self.assertEqual(len(order.unit_ids), 3)
        self.assertEqual(len(order.result_ids), 1)
        self.assertFalse(order.result_ids.lot_id)

    def test_all_serial_numbers(self):
        order = self._serial_order(taken=12)
        self.assertFalse(order.unit_ids)
        self.assertEqual(order.result_ids.lot_id, order.lot_ids)

    def test_units_without_a_number_of_their_own(self):
        self._sample_by(self._make_plan("fixed", quantity=3))
        order = self._orders(self._receive(["A"], quantity=100))
        self.assertEqual(order.unit_ids.mapped("number"), draw(order.draw_seed, 100, 3))
        self.assertEqual(len(order.result_ids), 3)
        self.assertEqual(order.result_ids.lot_id, order.lot_ids)
        self.assertEqual(
            order.result_ids[0].display_name, f"Weight (no. {order.unit_ids[0].number})"
        )

    def test_many_units_are_read_as_a_whole(self):
        self._sample_by(self._make_plan("percent", percent=50))
        order = self._orders(self._receive(["A"], quantity=1000))
        self.assertEqual(len(order.unit_ids), 500)
        self.assertEqual(len(order.result_ids), 1)

    def test_a_group_added_later_is_read_for_the_sample(self):
        order = self._serial_order()
        order.with_user(self.inspector).test_group_ids += self.group
        added = order.result_ids.filtered(lambda r: r.test_id == self.taste)
        self.assertEqual(added.lot_id, order.unit_ids.lot_id)

    def _notification(self, order, user=None):
        action = order.with_user(user or self.inspector).action_draw_again()
        return action["params"]["message"], action["params"]["type"]

    def test_drawn_again(self):
        order = self._serial_order()
        self.assertEqual(
            self._notification(order),
            (
                "Drawn again with the recorded seed: the 3 units are the same.",
                "success",
            ),
        )
        other = order.lot_ids - order.unit_ids.lot_id
        trusted(order.unit_ids[1]).lot_id = other[0]
        message = f"Not what the seed draws: {order.name}."
        self.assertEqual(self._notification(order), (message, "danger"))

    def test_another_number_is_found_out(self):
        self._sample_by(self._make_plan("fixed", quantity=3))
        order = self._orders(self._receive(["A"], quantity=100))
        self.assertEqual(self._notification(order)[1], "success")
        trusted(order.unit_ids[2]).number += 1
        self.assertEqual(self._notification(order)[1], "danger")

    def test_an_inspector_ticks_what_he_took(self):
        order = self._serial_order()
        order.unit_ids[0].with_user(self.inspector).is_taken = True
        self.assertTrue(order.unit_ids[0].is_taken)

    # -- Skip-lot ----------------------------------------------------------------------

    def test_one_in_five_lots(self):
        self._sample_by(self._make_plan("all", skip_lot=5))
        for number in range(4):
            self._receive([f"L{number}-{i}" for i in range(10)])
        skips = self.env["qms.sampling.skip"].search([], order="number")
        self.assertEqual(skips.mapped("number"), list(range(1, 41)))
        seed = skips.counter_id.seed
        for block in range(8):
            inspected = skips[5 * block : 5 * block + 5].mapped("is_inspected")
            self.assertEqual(sum(inspected), 1)
        self.assertEqual(
            skips.mapped("is_inspected"), [is_drawn(seed, n, 5) for n in range(1, 41)]
        )
        orders = self.env["qms.quality.order"].search(
            [("product_id", "=", self.product.id)]
        )
        self.assertEqual(orders.lot_ids, skips.filtered("is_inspected").lot_id)

    def test_lots_that_were_not_drawn_are_free(self):
        self._sample_by(self._make_plan("all", skip_lot=3))
        self._receive(["A", "B", "C"])
        skips = self.env["qms.sampling.skip"].search([])
        for skip in skips:
            expected = self.under_inspection if skip.is_inspected else self.available
            self.assertEqual(skip.lot_id.inspection_status_id, expected)

    def test_skip_lots_are_drawn_again(self):
        self._sample_by(self._make_plan("all", skip_lot=3))
        self._receive(["A", "B", "C"])
        skips = self.env["qms.sampling.skip"].search([]).with_user(self.inspector)
        self.assertEqual(
            skips.action_draw_again()["params"]["message"],
            "3 lots drawn again: all agree.",
        )
        first = skips.filtered("is_inspected")
        trusted(first.sudo()).is_inspected = False
        self.assertEqual(
            skips.action_draw_again()["params"]["message"],
            f"Not what the seed draws: all, lot {first.number}.",
        )

    def test_the_seed_of_the_next_lots_is_the_managers(self):
        self._sample_by(self._make_plan("all", skip_lot=3))
        self._receive(["A"])
        counter = self.env["qms.sampling.counter"].search([])
        self.assertNotIn("seed", counter.with_user(self.inspector).fields_get())
        self.assertIn("seed", counter.with_user(self.manager).fields_get())
