from odoo import models
from odoo.exceptions import UserError

from ...sentinel import trusted
from .deviation import INSPECTOR

TYPES = {"in": "supplier", "out": "internal", "production": "production"}


class QmsDeviation(models.Model):
    """A deviation that is more than that becomes a nonconformance."""

    _inherit = "qms.deviation"

    def action_open_case(self):
        """Open one nonconformance about these deviations, and show it.

        It takes over what they hold.

        :raise AccessError: if the user is no inspector
        :raise UserError: if one has a case already, or they are about several products
        :return: action
        """
        self.env.user._qms_check_group(INSPECTOR)
        self.check_access("read")
        self._check_case()
        case = self.env["qms.nonconformance"].create(self._prepare_case_values())
        trusted(self.sudo()).write({"nonconformance_id": case.id})
        self._hand_over_holds(case)
        return self.nonconformance_id._get_records_action()

    def _check_case(self):
        known = self.filtered("nonconformance_id")
        if known:
            raise UserError(
                self.env._(
                    "These deviations have a nonconformance already: %s.",
                    ", ".join(
                        f"{one.name} ({one.nonconformance_id.name})" for one in known
                    ),
                )
            )
        if len(self.product_id) != 1 or len(self.company_id) != 1:
            raise UserError(
                self.env._("Choose deviations of one product and one company.")
            )

    def _prepare_case_values(self):
        first = self[:1]
        return {
            "subject": self.env._("Departs from requirements: %s", first.expected),
            "type": TYPES[first.direction],
            "company_id": first.company_id.id,
            "product_id": first.product_id.id,
            "lot_ids": [(6, 0, self.lot_id.ids)],
            "partner_id": first.partner_id.id,
            # what is held is taken over; other goods of the lot may be right for others
            "hold_goods": False,
        }
