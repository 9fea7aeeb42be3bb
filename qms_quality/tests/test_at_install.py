from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import QmsCase


@tagged("-post_install", "at_install", "qms_native")
class TestAtInstall(QmsCase):
    """The gate is shut as soon as this addon is there, whatever is still to load.

    Only Odoo's own runner runs this while the addons behind it are missing.
    """

    def test_gate_is_shut_while_other_addons_load(self):
        lot = self._make_lot("L1")
        self._stock_up(10, lot)
        hold = self._hold(lot=lot)
        delivery = self._delivery(4, lot)
        with self.assertRaisesRegex(UserError, "can't be used for this"):
            delivery.with_user(self.clerk).button_validate()
        hold._release("Fine")
        delivery.with_user(self.clerk).button_validate()
        self.assertEqual(delivery.state, "done")
        self.env.cr.flush()
        entries = self.env["qms.audit.entry"].search(
            [("res_model", "=", hold._name), ("res_id", "=", hold.id)]
        )
        self.assertEqual(entries.mapped("event"), ["release", "place"])
