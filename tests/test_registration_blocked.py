"""What dates and requirements refuse, the scanner refuses, and says why."""

from odoo.tests import tagged

from odoo.addons.qms_quality.tests.common_requirement import RequirementCase
from odoo.addons.qms_shelf_life.tests.common import ShelfLifeCase
from odoo.addons.qms_traceability.tests.common_tracked import TrackedCase


@tagged("standard", "post_install", "-at_install")
class TestRegistrationBlocked(TrackedCase, RequirementCase, ShelfLifeCase):
    """A pump is built of goods that are there, but may not be used."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.oil.write({"use_expiration_date": True, "expiration_time": 30})
        cls.order = cls._order()

    def setUp(self):
        super().setUp()
        self.row = self._accept(self.order, "P-1")["product"]["id"]

    def _refuse_oil(self, lot):
        message = self._refuse(self.order, lot.name, self.row, quantity=1)
        self.assertTrue(message.startswith(f"{lot.name} can't be used: "), message)
        registered = self.env["qms.tracked.component"].search(
            [("lot_id", "=", lot.id), ("state", "=", "open")]
        )
        self.assertFalse(registered)
        return message

    def test_by_date(self):
        old = self._make_dated_lot("OIL-OLD", -1, self.oil, quantity=9)
        fresh = self._make_dated_lot("OIL-NEW", 20, self.oil, quantity=9)
        self.assertIn("Expired on", self._refuse_oil(old))
        self._accept(self.order, fresh.name, self.row, quantity=1)

    def test_by_requirement(self):
        bad, good = self.oils[:2]
        self._record(bad, {self.origin: self.new_zealand})
        self._record(good, {self.origin: self.chile})
        line = self._line(self.oil, use="component")
        self._card("MO", line, type="production")
        # an order keeps the requirements it was confirmed with
        self.order = self._order()
        self.row = self._accept(self.order, "P-2")["product"]["id"]
        message = self._refuse_oil(bad)
        self.assertIn("MO", message)
        self.assertIn("New Zealand", message)
        self._accept(self.order, good.name, self.row, quantity=1)
