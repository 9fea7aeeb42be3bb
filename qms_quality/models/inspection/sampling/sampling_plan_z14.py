from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from . import z14
from .z14_tables import AQLS, LEVELS

CLASSES = [("critical", "Critical"), ("major", "Major"), ("minor", "Minor")]
SEVERITIES = [("normal", "Normal"), ("tightened", "Tightened"), ("reduced", "Reduced")]
_AQL_SELECTION = [(aql, aql) for aql in AQLS]


class QmsSamplingPlan(models.Model):
    """Sampling by the tables of ANSI/ASQ Z1.4, one AQL for each class of defects."""

    _inherit = "qms.sampling.plan"

    inspection_level = fields.Selection(
        [(level, level) for level in LEVELS], default="II", tracking=True
    )
    double_sampling = fields.Boolean(
        tracking=True,
        help="A smaller sample first; a second one where the first doesn't decide.",
    )
    aql_critical = fields.Selection(
        _AQL_SELECTION,
        string="AQL, Critical",
        tracking=True,
        help="Empty: a single critical defect rejects the lot.",
    )
    aql_major = fields.Selection(
        _AQL_SELECTION, string="AQL, Major", default="1.0", tracking=True
    )
    aql_minor = fields.Selection(
        _AQL_SELECTION, string="AQL, Minor", default="2.5", tracking=True
    )
    count_as = fields.Selection(
        [("units", "Defective units"), ("defects", "Defects")],
        string="Count",
        required=True,
        default="units",
        tracking=True,
        help="AQLs above 10 are defects per 100 units, and need the count of defects.",
    )
    switching = fields.Boolean(
        string="Switch automatically",
        default=True,
        tracking=True,
        help="Normal, tightened and reduced inspection follow from the lots before, for"
        " each product, partner and class.",
    )
    allow_reduced = fields.Boolean(
        string="Reduced Inspection wanted",
        tracking=True,
        help="Inspection is reduced after ten accepted lots, where production is steady"
        " and the responsible authority wants it.",
    )
    use_limit_numbers = fields.Boolean(
        string="Ask Limit Numbers",
        default=True,
        tracking=True,
        help="Ten accepted lots reduce the inspection only if the defects found in them"
        " are within Table VIII. Otherwise the ten lots suffice.",
    )
    severity_ids = fields.One2many("qms.sampling.severity", "plan_id")
    severity_count = fields.Integer(compute="_compute_severity_count")

    def _compute_severity_count(self):
        counts = dict(
            self.env["qms.sampling.severity"]._read_group(
                [("plan_id", "in", self.ids)], ["plan_id"], ["__count"]
            )
        )
        for plan in self:
            plan.severity_count = counts.get(plan._origin, 0)

    @api.constrains(
        "method", "inspection_level", "aql_critical", "aql_major", "aql_minor"
    )
    def _check_aqls(self):
        for plan in self.filtered(lambda plan: plan.method == "z14"):
            if not plan.inspection_level or not plan._get_aqls():
                raise ValidationError(
                    self.env._(
                        "%s: ANSI/ASQ Z1.4 needs an inspection level, and an AQL for at"
                        " least one class of defects.",
                        plan.name,
                    )
                )

    @api.constrains("count_as", "aql_critical", "aql_major", "aql_minor", "method")
    def _check_count_as(self):
        for plan in self.filtered(lambda plan: plan.method == "z14"):
            above = [aql for aql in plan._get_aqls().values() if float(aql) > 10]
            if above and plan.count_as != "defects":
                raise ValidationError(
                    self.env._(
                        "%(plan)s: an AQL of %(aql)s is in defects per 100 units. Count"
                        " defects, or choose an AQL up to 10.",
                        plan=plan.name,
                        aql=above[0],
                    )
                )

    def write(self, vals):
        self._check_history(vals)
        return super().write(vals)

    @api.model
    def _get_history_fields(self):
        """Return the fields that a history of accepted and rejected lots is about."""
        return {
            "method",
            "inspection_level",
            "aql_critical",
            "aql_major",
            "aql_minor",
            "double_sampling",
            "count_as",
        }

    def _check_history(self, vals):
        changed = self._get_history_fields() & vals.keys()
        # sudo: a history that the user may not read still counts
        used = self.sudo().filtered(
            lambda plan: (
                plan.severity_ids.lot_ids
                and any(
                    (plan[name] or False) != (vals[name] or False) for name in changed
                )
            )
        )
        if used:
            raise UserError(
                self.env._(
                    "Lots were accepted or rejected by: %s. Their history is about its"
                    " level and AQLs: copy the plan, and archive this one.",
                    ", ".join(used.mapped("name")),
                )
            )

    def _get_aqls(self):
        """Return the AQL of each class of defects that has one."""
        self.ensure_one()
        aqls = {name: self[f"aql_{name}"] for name, _label in CLASSES}
        return {name: aql for name, aql in aqls.items() if aql}

    def _get_z14_plans(self, quantity, severities):
        """Return ``{class: (severity, Plan)}`` for a lot.

        A critical defect without an AQL of its own rejects the lot, in whatever sample
        is taken for the other classes.

        :param float quantity: the size of the lot
        :param dict severities: present severity by class; normal, where it is missing
        """
        self.ensure_one()
        size = max(1, int(-(-round(quantity, 6) // 1)))
        plans = {}
        for name, aql in self._get_aqls().items():
            severity = severities.get(name, "normal")
            plan = z14.get_plan(
                size, self.inspection_level, aql, severity, self.double_sampling
            )
            plans[name] = (severity, plan)
        if "critical" not in plans:
            plans["critical"] = ("normal", self._get_zero_plan(plans))
        return plans

    def _get_zero_plan(self, plans):
        largest = max(
            (plan for _severity, plan in plans.values()),
            key=lambda plan: plan.stages[0].size,
        )
        return z14.Plan(
            largest.letter,
            largest.plan_letter,
            (z14.Stage(largest.stages[0].size, 0, 1),),
        )
