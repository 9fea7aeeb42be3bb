from base64 import b64encode

from odoo.fields import Command, Domain
from odoo.tests import tagged

from .common_day import DayCase
from .refusal_case import RefusalMixin


@tagged("post_install", "-at_install")
class TestInspectionRefusals(RefusalMixin, DayCase):
    """What inspectors and quality managers read when something can't be."""

    def _wrong_row(self, text):
        return f"Nothing was recorded. Wrong are 1 of 1 rows:\n- Row 1: {text}"

    def _record(self, order, **row):
        row = {"order": order.name, "test": "WEIG", "value": 5, **row}
        return lambda: self.orders.record_readings([row])

    # -- At the bench ------------------------------------------------------------------

    def test_rows_of_readings(self):
        order = self._order(lots=["L1"])
        other = self._receive_order(lots=["L2"]).with_user(self.inspector)
        reading = other.result_ids[0].id
        many = [{"order": order.name, "test": "WEIG", "value": 5}] * 10_001
        self.assertRefusals(
            (
                "Readings come as a list of rows.",
                lambda: self.orders.record_readings({"order": order.name}),
            ),
            (
                "10001 rows are too many for one time. Record at most 10000, and the"
                " others after them.",
                lambda: self.orders.record_readings(many),
            ),
            (
                self._wrong_row("note: the text has signs that can't be kept"),
                self._record(order, note="a\0b"),
            ),
            (
                self._wrong_row(f"the reading {reading} is not of {order.name}"),
                self._record(order, reading=reading),
            ),
            (
                self._wrong_row("Fat content has no reading no. 3, but: 1, 2"),
                self._record(order, test="FAT ", number=3),
            ),
        )

    def test_rows_that_may_mean_two_things(self):
        order = self._manual_order(self.group | self.weights)
        other = self._manual_order(self.group)
        ids = order.test_ids.filtered(lambda one: one.test_id == self.weight).ids
        self.assertEqual(len(ids), 2)
        self.assertRefusals(
            (
                self._wrong_row(
                    f"{order.name} has several tests “WEIG”: give the id, one of"
                    f" {ids[0]}, {ids[1]}"
                ),
                self._record(order),
            )
        )
        # each company has numbers of its own
        self.env.cr.execute(
            "UPDATE qms_quality_order SET name = %s WHERE id = %s",
            [order.name, other.id],
        )
        self.env.invalidate_all()
        ids = (order | other).search([("name", "=", order.name)]).ids
        self.assertRefusals(
            (
                self._wrong_row(
                    f"several quality orders “{order.name}”: give the number of the"
                    f" record instead, one of {ids[0]}, {ids[1]}"
                ),
                self._record(order),
            )
        )

    def _manual_order(self, groups, **vals):
        return self.orders.create(
            {
                "product_id": self.product.id,
                "lot_ids": self._make_lot(f"M{self.orders.search_count([])}").ids,
                "test_group_ids": groups.ids,
                **vals,
            }
        )

    def test_scanned_nonsense(self):
        scan = "Scan the label of a lot or of a quality order."
        self.assertRefusals(
            *((scan, lambda code=code: self.orders.scan(code)) for code in ("  ", 7))
        )

    def test_files_of_readings(self):
        order = self._order()
        head = "test;value\n"
        self.assertRefusals(
            (
                "10001 rows are too many for one file. Split it into files of at most"
                " 10000 rows.",
                self._check_file(order, head + "WEIG;5\n" * 10_001),
            ),
            (
                "These lines have values in columns without a name: 3. A text with the"
                " sign between the columns in it stands in quotes.",
                self._check_file(order, head + "Taste;pass\nWEIG;5;wet\n"),
            ),
        )

    def _check_file(self, order, text):
        wizards = self.env["qms.reading.import"].with_user(self.inspector)
        file = b64encode(text.encode())
        return wizards.create(
            {"file": file, "filename": "day.csv", "order_id": order.id}
        ).action_check

    def test_defects_that_nobody_can_count(self):
        plan = self._make_plan("z14")
        self._sample_by(plan)
        order = self._receive_order(quantity=100).with_user(self.inspector)
        defect = order.defect_ids[0]
        size = defect._get_sizes()[0]
        name = defect.display_name
        self.assertEqual(defect.count_as, "units")
        self.assertRefusals(
            (
                f"{name}: -1 is no number of defects.",
                lambda: defect.write({"found1": -1}),
            ),
            (
                f"{name}: {size + 1} defective units can't be found in a sample of"
                f" {size}.",
                lambda: defect.write({"found1": size + 1}),
            ),
        )

    def test_figures_of_those_who_are_no_inspectors(self):
        digests = self.env["digest.digest"].with_user(self.clerk)
        self.assertRefusals(
            (
                "Figures of quality are for inspectors and managers.",
                lambda: digests._qms_count(Domain.TRUE),
            )
        )

    # -- Orders ------------------------------------------------------------------------

    def test_lots_of_an_order(self):
        other = self._make_lot("C1", self._make_product("Cream"))
        lots = self._make_lot("L1") | self._make_lot("L2")
        self.assertRefusals(
            (
                "C1: not of the product Milk.",
                lambda: self._manual_order(self.group, lot_ids=other.ids),
            ),
            (
                "A quality order is about one lot, or about serial numbers. Make an"
                " order for each of: L1, L2.",
                lambda: self._manual_order(self.group, lot_ids=lots.ids),
            ),
        )

    def test_inspected_again(self):
        shipped, loose = self._order(), self._receive_salt()
        for order in shipped | loose:
            self._fill(order)
            order.action_validate()
        self._delivery(10, shipped.lot_ids.sudo()).button_validate()
        self.assertRefusals(
            (
                f"There is nothing to inspect: the lots of {shipped.name} are not in"
                " stock any more, or none of its test groups is in force.",
                shipped.action_inspect_again,
            ),
            (
                f"{loose.name} has no lots to inspect again.",
                loose.action_inspect_again,
            ),
        )

    def _receive_salt(self):
        self._associate(self.weights, product_ids=self.untracked.ids)
        order = self._receive_order(lots=None, product=self.untracked)
        return order.with_user(self.inspector)

    def test_part_of_a_lot(self):
        order = self._order().with_user(self.manager)
        quant = order.lot_ids.quant_ids.filtered(lambda one: one.quantity > 0)
        self.assertRefusals(
            (
                f"{order.name}: the quantity is a number.",
                lambda: order.action_accept_part(quant.id, "three", "Tested again"),
            )
        )

    # -- Rules -------------------------------------------------------------------------

    def test_units_of_rules(self):
        rules = self.env["qms.quality.association"].with_user(self.manager)
        values = {"name": "Milk", "event": "receipt", "test_group_id": self.group.id}
        often = {"frequency_quantity": 100, "frequency_uom_id": self.kg.id}
        plan = {"sampling_plan_id": self._make_plan("all").id}
        for text, vals in (
            ("Milk: the minimum quantity needs its unit.", {"min_quantity": 5}),
            (
                "Milk: the quantity after which tests are due again needs its unit.",
                {"frequency_quantity": 100},
            ),
            (
                "Milk: a sampling plan says how much is tested. Take it away, or the"
                " frequency.",
                {**often, **plan},
            ),
        ):
            self.assertRefusals((text, lambda v=vals: rules.create({**values, **v})))

    def test_what_a_test_group_measures(self):
        groups = self.env["qms.test.group"].with_user(self.manager)
        litre = self.env.ref("uom.product_uom_litre")
        line = {"test_id": self.weight.id, "uom_id": litre.id}
        double = self._make_test("Double", test_type="calculated", formula="WEIG * 2")
        self.assertRefusals(
            (
                "[WEIG] Weight: the unit L can't be converted into the test's unit kg.",
                lambda: groups.create(
                    {"name": "Volumes", "line_ids": [Command.create(line)]}
                ),
            ),
            (
                "Sums: DOUB is calculated from tests that have to be in the group, each"
                " once: WEIG.",
                lambda: groups.create(
                    {
                        "name": "Sums",
                        "line_ids": [Command.create({"test_id": double.id})],
                    }
                ),
            ),
        )

    def test_flexible_plan_approved_by_hand(self):
        plan = self._make_plan("all")
        ladder = self.env["qms.sampling.ladder"].with_user(self.manager)
        ladder = ladder.create(
            {
                "name": "Ladder",
                "level_ids": [
                    Command.create({"name": "One", "sampling_plan_id": plan.id})
                ],
            }
        )
        self.assertRefusals(
            (
                "A flexible sampling plan is approved by its button only.",
                lambda: ladder.write({"is_approved": True}),
            )
        )
