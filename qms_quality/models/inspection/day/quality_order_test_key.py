from odoo import models


class QmsQualityOrderTest(models.Model):
    """What people and programs call a test of an order."""

    _inherit = "qms.quality.order.test"

    def _get_keys(self):
        """Return the names that mean this test, without regard to case."""
        self.ensure_one()
        names = (self.code, self.name, self.test_id.name)
        return {name.strip().casefold() for name in names if name}

    def _get_key_text(self):
        """Return the test's code and name, for people to choose from."""
        self.ensure_one()
        return f"{self.code} ({self.name})" if self.code else self.name

    def _get_unique_key(self):
        """Return what names this test on its order: its code, or its id."""
        self.ensure_one()
        key = self.code or self.name
        same = [
            one for one in self.order_id.test_ids if key.casefold() in one._get_keys()
        ]
        return key if len(same) == 1 else self.id
