from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .transaction import POLICIES, STRICTNESS, TRANSACTION_TYPES, as_types


def _policy(label):
    return fields.Selection(POLICIES, string=label, required=True, default="allow")


class QmsInspectionStatus(models.Model):
    """For which transactions a lot in this status may be used."""

    _name = "qms.inspection.status"
    _description = "Inspection Status"
    _inherit = ["qms.audit.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(
        string="Strictness",
        default=50,
        help="The badge of a lot shows the strictest of the statuses it is held in:"
        " the highest number.",
    )
    color = fields.Integer(default=0)
    active = fields.Boolean(default=True)
    description = fields.Text(translate=True)
    expected_release = fields.Boolean(
        string="Expected to be Released",
        help="Planning counts on these goods, so they are not bought again.",
    )
    rule_usable = fields.Boolean(
        string="Usable by Rules",
        default=True,
        help="Rules may give this status to arriving goods.",
    )
    release_group_id = fields.Many2one(
        "res.groups",
        string="Released by",
        help="Who may release a hold of this status. Empty: quality managers.",
    )
    policy_receipt = _policy("Receipt")
    policy_customer_return = _policy("Customer Return")
    policy_output = _policy("Production Output")
    policy_quarantine = _policy("Move into Quarantine")
    policy_internal = _policy("Internal Move")
    policy_put_away = _policy("Put-away")
    policy_transfer = _policy("Transfer")
    policy_consumption = _policy("Consumption")
    policy_delivery = _policy("Delivery")
    policy_vendor_return = _policy("Return to Vendor")
    policy_scrap = _policy("Scrap")
    policy_adjustment = _policy("Inventory Adjustment")
    blocked_types = fields.Char(
        compute="_compute_blocked_types",
        store=True,
        qms_audit=False,
        help="The blocked transaction types, as ',delivery,transfer,'.",
    )

    _code_uniq = models.Constraint(
        "unique(code)", "A status with this code exists already."
    )

    @api.depends(*[f"policy_{name}" for name, _label in TRANSACTION_TYPES])
    def _compute_blocked_types(self):
        for status in self:
            blocked = [
                name
                for name, _label in TRANSACTION_TYPES
                if status[f"policy_{name}"] == "block"
            ]
            status.blocked_types = f",{','.join(blocked)}," if blocked else False

    def _get_policy(self, types):
        """Return the strictest policy of ``self`` for one or several types."""
        self.ensure_one()
        policies = [self[f"policy_{name}"] for name in as_types(types)]
        return max(policies, key=STRICTNESS.get, default="allow")

    def _get_strictest(self):
        """Return the strictest status of ``self``, empty if there is none."""
        return self.sorted("sequence")[-1:]

    def _get_release_group(self):
        """Return the group whose members may release holds of this status."""
        manager = "qms_quality.group_quality_manager"
        return self.sudo().release_group_id or self.env.ref(manager)

    @api.model
    def _get_available(self):
        """Return the status of goods that nothing holds."""
        return self._get_by_xmlid("status_available")

    @api.model
    def _get_by_xmlid(self, name):
        """Return one of the addon's own statuses, from the cache of XML IDs.

        ``env.ref`` asks the database every time whether the record is still there.
        """
        xmlids = self.env["ir.model.data"]
        return self.browse(
            xmlids._xmlid_to_res_id(f"qms_quality.{name}", raise_if_not_found=True)
        )

    @api.constrains("active", *[f"policy_{name}" for name, _label in TRANSACTION_TYPES])
    def _check_available(self):
        available = self.env.ref("qms_quality.status_available", False)
        # while the addon is installed, the status has no external id yet
        if not available or available not in self:
            return
        if not available.active or available._restricts():
            raise ValidationError(
                self.env._(
                    "%(status)s is the status of goods that nothing holds: it allows"
                    " everything and stays active. Make a status of your own.",
                    status=available.name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_available(self):
        if self._get_available() in self:
            raise UserError(
                self.env._("The status of goods that nothing holds can't be deleted.")
            )

    def _restricts(self):
        """Tell whether the status warns of or blocks anything at all."""
        return any(
            status[f"policy_{name}"] != "allow"
            for status in self
            for name, _label in TRANSACTION_TYPES
        )
