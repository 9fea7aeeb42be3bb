from odoo import api, fields, models
from odoo.fields import Domain

INSPECTOR = "qms_quality.group_quality_inspector"
MANAGER = "qms_quality.group_quality_manager"
ACTIVITY = "qms_quality.mail_activity_type_capa"
STATES = [
    ("open", "Open"),
    ("planned", "Planned"),
    ("in_progress", "In Progress"),
    ("check", "Effectiveness Check"),
    ("closed", "Closed"),
    ("cancelled", "Cancelled"),
]
DONE_STATES = ("closed", "cancelled")
VERDICTS = [
    ("running", "Being watched"),
    ("effective", "Effective"),
    ("ineffective", "Not effective"),
    ("undecided", "Can't be said"),
]


class QmsCapa(models.Model):
    """A corrective or preventive action: measures against a cause (ISO 9001, 10.2).

    What it did is judged by what the system counts afterwards. Its state moves by its
    actions only.
    """

    _name = "qms.capa"
    _description = "Corrective or Preventive Action"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "qms.late.mixin",
        "qms.staged.mixin",
        "qms.guarded.mixin",
    ]
    _order = "risk desc, date_deadline, id desc"
    _rec_names_search = ["name", "subject"]
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char(
        string="Number", required=True, readonly=True, copy=False, default="New"
    )
    subject = fields.Char(string="What is to be reached", required=True)
    state = fields.Selection(
        STATES,
        required=True,
        readonly=True,
        copy=False,
        default="open",
        index=True,
        tracking=True,
        group_expand="_expand_stages",
    )
    type = fields.Selection(
        [("corrective", "Corrective"), ("preventive", "Preventive")],
        required=True,
        default="corrective",
        help="Corrective: what happened is not to happen again. Preventive: it is not"
        " to happen at all.",
    )
    source = fields.Selection(
        [
            ("nonconformance", "Nonconformance"),
            ("complaint", "Customer complaint"),
            ("audit", "Audit"),
            ("risk", "Risk"),
            ("review", "Review"),
            ("other", "Other"),
        ],
        required=True,
        default="other",
    )
    source_ref = fields.Char(
        string="Reference", help="Such as the number of the audit or of the risk."
    )
    risk = fields.Selection(
        [("1_low", "Low"), ("2_medium", "Medium"), ("3_high", "High")],
        required=True,
        default="2_medium",
        tracking=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        required=True,
        copy=False,
        index=True,
        ondelete="restrict",
        tracking=True,
        check_company=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        help="Sees to it that the steps are taken, and is told what the check says.",
    )
    date_opened = fields.Datetime(
        string="Opened on", readonly=True, copy=False, default=fields.Datetime.now
    )
    date_deadline = fields.Date(string="Deadline", copy=False, index=True)
    date_closed = fields.Datetime(string="Closed on", readonly=True, copy=False)
    closed_by_id = fields.Many2one(
        "res.users", string="Closed by", readonly=True, copy=False
    )
    description = fields.Html(string="Problem", copy=False)
    conclusion = fields.Text(copy=False, help="What was learnt from it.")

    # -- What it is about --------------------------------------------------------------

    nonconformance_ids = fields.Many2many(
        "qms.nonconformance",
        "qms_capa_nonconformance_rel",
        "capa_id",
        "nonconformance_id",
        string="Nonconformances",
        copy=False,
        ondelete="restrict",
        check_company=True,
    )
    root_cause_id = fields.Many2one(
        "qms.root.cause", index="btree_not_null", ondelete="restrict", tracking=True
    )
    root_cause_text = fields.Text(string="Root Cause Described")
    product_id = fields.Many2one(
        "product.product",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Empty: any product.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Supplier",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Empty: any partner.",
    )
    workcenter_id = fields.Many2one(
        "mrp.workcenter",
        string="Work Center",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Empty: any work center.",
    )

    # -- What is done ------------------------------------------------------------------

    action_ids = fields.One2many("qms.capa.action", "capa_id", string="Steps")
    change_ids = fields.One2many("qms.capa.change", "capa_id", string="Rule Changes")
    check_ids = fields.One2many(
        "qms.capa.check", "capa_id", string="Checks", readonly=True, copy=False
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    step_count = fields.Integer(string="Steps There Are", compute="_compute_progress")
    step_done_count = fields.Integer(string="Steps Done", compute="_compute_progress")
    step_late_count = fields.Integer(string="Late Steps", compute="_compute_progress")
    progress = fields.Integer(compute="_compute_progress", help="In percent.")
    case_count = fields.Integer(compute="_compute_case_count")

    def _expand_stages(self, states, _domain):
        """Return the columns of the board: all there is to do, in its order."""
        return [
            state
            for state, _label in STATES
            if state in states or state not in DONE_STATES
        ]

    @api.depends("name", "subject")
    def _compute_display_name(self):
        for capa in self:
            capa.display_name = " · ".join(filter(None, [capa.name, capa.subject]))

    def _compute_progress(self):
        steps = self.env["qms.capa.action"]
        domain = Domain("capa_id", "in", self.ids) & Domain("state", "!=", "cancelled")
        rows = steps._read_group(domain, ["capa_id", "state"], ["__count"])
        counts = {(capa, state): count for capa, state, count in rows}
        domain &= steps._get_late_domain()
        late = dict(steps._read_group(domain, ["capa_id"], ["__count"]))
        for capa in self:
            own = capa._origin
            done = counts.get((own, "done"), 0)
            total = done + counts.get((own, "todo"), 0)
            capa.step_count = total
            capa.step_done_count = done
            capa.step_late_count = late.get(own, 0)
            capa.progress = 100 * done // total if total else 0

    @api.depends("nonconformance_ids")
    def _compute_case_count(self):
        for capa in self:
            capa.case_count = len(capa.nonconformance_ids)

    @api.onchange("nonconformance_ids")
    def _onchange_nonconformance_ids(self):
        """Take over what all the cases have in common."""
        cases = self.nonconformance_ids
        if cases and self.source == "other":
            self.source = "nonconformance"
        for name in self._get_shared_fields():
            if not self[name] and len(cases[name]) == 1 and all(c[name] for c in cases):
                self[name] = cases[name]

    @api.model
    def _get_shared_fields(self):
        """Return the fields that a case and a CAPA have in common."""
        return ["root_cause_id", "product_id", "partner_id", "workcenter_id"]

    def action_open_steps(self):
        """Open the steps."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "qms_quality.qms_capa_step_action"
        )
        return {**action, "domain": [("capa_id", "in", self.ids)], "context": {}}

    def action_open_cases(self):
        """Open the nonconformances."""
        name = self.env._("Nonconformances")
        return self.nonconformance_ids._get_records_action(name=name)

    # -- People ------------------------------------------------------------------------

    def _get_told(self):
        """Return who is told: the owner; a quality manager, if he can't act."""
        self.ensure_one()
        # sudo: who is a manager is no secret to the scheduled action
        owner = self.user_id.sudo()
        if owner.active and self.company_id in owner.company_ids:
            return owner
        return self._get_manager(self.company_id)

    def _tell(self, summary, note):
        """Give who is told an activity.

        :param str summary: what happened, in a word
        :param str note: what to do about it
        """
        for capa in self:
            user = capa._get_told()
            if user:
                # sudo: the scheduled action tells in nobody's name
                capa.sudo().activity_schedule(
                    ACTIVITY, user_id=user.id, summary=summary, note=note
                )
