from odoo.tests import tagged

from .common_genealogy import GenealogyCase


@tagged("post_install", "-at_install")
class TestLotLinkCorrected(GenealogyCase):
    """What is corrected is undone by a row of its own and written anew."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.milk_1, cls.milk_2 = cls._make_lot("M1"), cls._make_lot("M2")
        for lot in cls.milk_1 | cls.milk_2:
            cls._stock_up(1000, lot)
        cls.cheese_1 = cls._make_lot("C1", cls.cheese)
        cls.order = cls._make(4, [cls.cheese_1], [(cls.milk_1, 6)])
        cls.used = cls.order.move_raw_ids.move_line_ids
        cls.made = cls.order.move_finished_ids.move_line_ids

    def _rows(self, *documents):
        rows = self.links.search(self._of(*(documents or [self.order])), order="id")
        return [
            (
                row.from_lot_id.name,
                row.to_lot_id.name,
                row.quantity,
                rows.ids.index(row.reverses_id.id) if row.reverses_id else None,
            )
            for row in rows
        ]

    def test_other_lot_was_used(self):
        before = self.env.cr.now()
        self.used.with_user(self.worker).lot_id = self.milk_2
        self.assertEqual(
            self._rows(),
            [("M1", "C1", 6, None), ("M1", "C1", -6, 0), ("M2", "C1", 6, None)],
        )
        self.assertEqual(
            self._written(self._of(self.order)), {("M2", "C1"): (6, "production")}
        )
        undoing = self.links.search([*self._of(self.order), ("quantity", "<", 0)])
        self.assertEqual(undoing.user_id, self.worker)
        self.assertGreaterEqual(undoing.date, before.replace(microsecond=0))

    def test_more_was_used(self):
        self.used.quantity = 8
        self.assertEqual(
            self._rows(),
            [("M1", "C1", 6, None), ("M1", "C1", -6, 0), ("M1", "C1", 8, None)],
        )

    def test_nothing_was_used(self):
        self.used.quantity = 0
        self.assertEqual(self._rows(), [("M1", "C1", 6, None), ("M1", "C1", -6, 0)])
        self.used.quantity = 6
        self.assertEqual(
            self._written(self._of(self.order)), {("M1", "C1"): (6, "production")}
        )

    def test_used_besides(self):
        self._use(self.order, self.milk_2, 1)
        self.assertEqual(self._rows(), [("M1", "C1", 6, None), ("M2", "C1", 1, None)])

    def test_more_was_made(self):
        self.made.quantity = 5
        rows = self.links.search(self._of(self.order), order="id")
        self.assertEqual(rows.mapped("to_quantity"), [4, -4, 5])

    def test_what_changes_no_goods_writes_nothing(self):
        self.used.write({"quantity": 6, "lot_id": self.milk_1.id})
        self.order._qms_sync_links()
        self.assertEqual(self._rows(), [("M1", "C1", 6, None)])

    def test_other_lot_was_made(self):
        """Both numbers are of the same goods until then."""
        other = self._make_lot("C2", self.cheese)
        self.made.lot_id = other
        self.assertEqual(
            self._rows(),
            [("M1", "C1", 6, None), ("M1", "C1", -6, 0), ("M1", "C2", 6, None)],
        )
        self.assertEqual(self._rows(self.made), [("C1", "C2", 4, None)])
        self.made.lot_id = self.cheese_1
        self.assertEqual(
            self._rows(self.made), [("C1", "C2", 4, None), ("C1", "C2", -4, 0)]
        )
        self.assertEqual(
            self._written(self._of(self.order)), {("M1", "C1"): (6, "production")}
        )

    def test_other_lot_was_received(self):
        right = self._make_lot("M3")
        wrong = self._make_lot("M4")
        receipt = self._picking("incoming", 5)
        receipt.action_confirm()
        receipt.move_line_ids.write({"lot_id": wrong.id, "quantity": 5})
        receipt.move_ids.picked = True
        receipt.with_user(self.clerk).button_validate()
        line = receipt.move_line_ids
        used = self._make(1, [self._make_lot("C3", self.cheese)], [(wrong, 1)])
        self.assertEqual(
            self._written(self._of(used)), {("M4", "C3"): (1, "production")}
        )
        line.with_user(self.clerk).lot_id = right
        self.assertEqual(
            self._written(self._of(line)),
            {("M4", "M3"): (5, "relabel"), ("M3", "M4"): (5, "relabel")},
            "what had been used was made of the same goods",
        )
        back = self.links.search([*self._of(line), ("from_lot_id", "=", right.id)])
        self.assertTrue(back.uncertain)

    def _receive_as(self, wrong, right, quantity):
        """Return the line of a receipt whose number was corrected since."""
        receipt = self._picking("incoming", quantity)
        receipt.action_confirm()
        receipt.move_line_ids.write({"lot_id": wrong.id, "quantity": quantity})
        receipt.move_ids.picked = True
        receipt.with_user(self.clerk).button_validate()
        line = receipt.move_line_ids.with_user(self.clerk)
        line.lot_id = right
        return line

    def test_more_arrived_under_the_other_number(self):
        """The quantity is corrected after the number: the link follows, by new rows."""
        wrong, right = self._make_lot("M4"), self._make_lot("M3")
        line = self._receive_as(wrong, right, 5)
        line.quantity = 7
        first = [("M4", "M3", 5, None), ("M4", "M3", -5, 0), ("M4", "M3", 7, None)]
        self.assertEqual(self._rows(line), first)
        rows = self.links.search(self._of(line), order="id")
        self.assertEqual(rows.mapped("to_quantity"), [5, -5, 7])
        self.assertEqual(rows.user_id, self.clerk)
        line.write({"quantity": 7})
        self.assertEqual(self._rows(line), first, "nothing has changed")
        line.lot_id = wrong
        self.assertEqual(self._rows(line), [*first, ("M4", "M3", -7, 2)])
        line.quantity = 9
        self.assertEqual(len(self._rows(line)), 4, "called back, it has one number")

    def test_nothing_arrived_under_the_other_number(self):
        """Of nothing there is no other number, until there is something again."""
        wrong, right = self._make_lot("M4"), self._make_lot("M3")
        line = self._receive_as(wrong, right, 5)
        line.quantity = 0
        self.assertFalse(self._written(self._of(line)))
        line.quantity = 0
        line.quantity = 4
        self.assertEqual(
            self._rows(line),
            [("M4", "M3", 5, None), ("M4", "M3", -5, 0), ("M4", "M3", 4, None)],
        )

    def test_number_and_quantity_are_corrected_at_once(self):
        wrong, right = self._make_lot("M4"), self._make_lot("M3")
        line = self._receive_as(wrong, right, 5)
        last = self._make_lot("M5")
        line.write({"lot_id": last.id, "quantity": 6})
        self.assertEqual(
            self._written(self._of(line)),
            {("M4", "M3"): (6, "relabel"), ("M3", "M5"): (6, "relabel")},
        )
        line.write({"lot_id": wrong.id, "quantity": 0})
        self.assertFalse(self._written(self._of(line)))

    def test_number_of_nothing(self):
        """A number that is corrected while there is nothing counts once there is."""
        lots = {name: self._make_lot(name) for name in ("M3", "M4", "M5")}
        line = self._receive_as(lots["M4"], lots["M3"], 5)
        line.quantity = 0
        line.lot_id = lots["M5"]
        self.assertFalse(self._written(self._of(line)))
        line.quantity = 4
        both = {("M4", "M3"): (4, "relabel"), ("M3", "M5"): (4, "relabel")}
        self.assertEqual(self._written(self._of(line)), both)
        line.quantity = 0
        line.lot_id = lots["M3"]
        line.quantity = 2
        self.assertEqual(
            self._written(self._of(line)),
            {("M4", "M3"): (2, "relabel")},
            "called back while there was nothing",
        )

    def test_other_lot_was_delivered(self):
        delivery = self._delivery(2, self.milk_1)
        delivery.with_user(self.clerk).button_validate()
        delivery.move_line_ids.with_user(self.clerk).lot_id = self.milk_2
        self.assertFalse(self._rows(delivery.move_line_ids, delivery.move_ids))


@tagged("post_install", "-at_install")
class TestLotLinkRelabelled(GenealogyCase):
    """Splitting, merging and downgrading give goods another number."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.milk_1, cls.milk_2 = cls._make_lot("M1"), cls._make_lot("M2")
        cls.quant = cls._stock_up(10, cls.milk_1)
        cls._stock_up(5, cls.milk_2)
        cls._stock_up(3, cls.milk_2, cls.shelf)

    def _between(self, *lots):
        ids = [lot.id for lot in lots]
        return [("from_lot_id", "in", ids)]

    def test_split(self):
        wizard = (
            self.env["qms.lot.split"]
            .with_user(self.inspector)
            .create(
                {"lot_id": self.milk_1.id, "quant_id": self.quant.id, "quantity": 4}
            )
        )
        wizard.action_split()
        self.assertEqual(
            self._written(self._between(self.milk_1)), {("M1", "M1-1"): (4, "split")}
        )

    def test_merge(self):
        wizard = self.env["qms.lot.merge"].with_user(self.clerk)
        lots = self.milk_1 | self.milk_2
        wizard.create(
            {"lot_ids": [(6, 0, lots.ids)], "target_lot_id": self.milk_1.id}
        ).action_merge()
        links = self.links.search(self._between(self.milk_2))
        self.assertEqual(links.to_lot_id, self.milk_1)
        self.assertEqual(sorted(links.mapped("quantity")), [3, 5])
        self.assertEqual(set(links.mapped("kind")), {"merge"})
        self.assertEqual(links.user_id, self.clerk)
