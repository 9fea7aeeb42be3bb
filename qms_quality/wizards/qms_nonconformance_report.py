from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import plaintext2html
from odoo.tools.misc import clean_context

from .qms_check_request import ASKERS, INSPECTOR

# What a reported document is called on the case.
DOCUMENTS = (
    "picking_id",
    "production_id",
    "workorder_id",
    "purchase_id",
    "sale_id",
)


class QmsNonconformanceReport(models.TransientModel):
    """Reports that something is wrong: with goods, a document, or anything else.

    Whoever handles goods may report. Goods are held at once where an inspector says so;
    others only tell.
    """

    _name = "qms.nonconformance.report"
    _description = "Report a Nonconformance"
    _check_company_auto = True

    subject = fields.Char(string="What is wrong", required=True, default="")
    description = fields.Text()
    type = fields.Selection(
        selection=lambda self: self._get_case_selection("type"),
        required=True,
        default="internal",
    )
    severity = fields.Selection(
        selection=lambda self: self._get_case_selection("severity"),
        required=True,
        default="2_major",
    )
    problem_type_id = fields.Many2one("qms.problem.type")
    partner_id = fields.Many2one("res.partner", check_company=True)
    team_id = fields.Many2one("qms.quality.team", check_company=True)
    picking_id = fields.Many2one(
        "stock.picking", string="Transfer", readonly=True, check_company=True
    )
    production_id = fields.Many2one(
        "mrp.production",
        string="Manufacturing Order",
        readonly=True,
        check_company=True,
    )
    workorder_id = fields.Many2one(
        "mrp.workorder", string="Work Order", readonly=True, check_company=True
    )
    purchase_id = fields.Many2one(
        "purchase.order", string="Purchase Order", readonly=True, check_company=True
    )
    sale_id = fields.Many2one(
        "sale.order", string="Sales Order", readonly=True, check_company=True
    )
    line_ids = fields.One2many(
        "qms.nonconformance.report.line", "report_id", string="Goods"
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "qms_nonconformance_report_attachment_rel",
        "report_id",
        "attachment_id",
        string="Photos and Files",
    )
    hold_goods = fields.Boolean(
        default=lambda self: self._is_inspector(),
        help="The goods are held until it is decided what becomes of them.",
    )
    is_inspector = fields.Boolean(compute="_compute_is_inspector")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )

    @api.model
    def _get_case_selection(self, name):
        return (
            self.env["qms.nonconformance"]
            ._fields[name]
            ._description_selection(self.env)
        )

    @api.model
    def _is_inspector(self):
        # the user's own groups: sudo is no right to hold
        return self.env.user.has_group(INSPECTOR)

    def _compute_is_inspector(self):
        self.is_inspector = self._is_inspector()

    # -- Opening -----------------------------------------------------------------------

    @api.model
    def _open(self, lines, **values):
        """Return the dialog that reports a nonconformance.

        :param list lines: values of ``qms.nonconformance.report.line``
        :param values: values of the report, such as its document
        :raise AccessError: if the user may not report
        """
        self._check_reporter()
        report = self.create(
            {**values, "line_ids": [Command.create(line) for line in lines]}
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Report a Nonconformance"),
            "res_model": self._name,
            "res_id": report.id,
            "views": [(False, "form")],
            "target": "new",
        }

    @api.model
    def _check_reporter(self):
        """Refuse unless the user handles goods, or inspects them.

        :raise AccessError: says whom to tell
        """
        # the user's own groups: sudo is no right to report
        if not self.env.user.has_groups(",".join(ASKERS)):
            raise AccessError(
                self.env._(
                    "You may not report nonconformances. Tell someone who works in"
                    " Inventory, Manufacturing, Purchase, Sales or Quality."
                )
            )

    # -- Reporting ---------------------------------------------------------------------

    def action_report(self):
        """Open the cases: one for each product, or one about no goods.

        :return: the action that opens the case, or tells that it was reported
        :raise AccessError: if the user may not report, or may not see what he reports
        :raise UserError: if something is missing
        """
        self.ensure_one()
        self._check_reporter()
        self._check_readable()
        self._check_complete()
        return self._get_done_action(self._report())

    def _check_readable(self):
        """Refuse what the user could not have chosen."""
        records = [self[name] for name in DOCUMENTS]
        records += [self.partner_id, self.team_id, self.problem_type_id]
        records += [self.company_id, *self.line_ids._get_records()]
        for one in records:
            # no rights are needed for what isn't reported
            if one:
                one.sudo(False).check_access("read")
        # nobody may show others a file by naming its id
        foreign = self.attachment_ids.sudo().filtered(
            lambda file: file.create_uid != self.env.user
        )
        if foreign:
            raise AccessError(
                self.env._("You can add only files that you upload yourself.")
            )

    def _check_complete(self):
        if not (self.subject or "").strip():
            raise UserError(self.env._("Say in a few words what is wrong."))
        self.line_ids._check_lots()
        if self._holds():
            self.line_ids._check_holdable()

    def _holds(self):
        return self.hold_goods and self._is_inspector()

    def _report(self):
        values = self._prepare_case_values()
        by_product = self.line_ids.grouped("product_id")
        # sudo: who handles goods may report, and need not be allowed to open cases; the
        # defaults he sends along stay behind
        env = self.env(su=True, context=clean_context(self.env.context))
        cases = env["qms.nonconformance"].create(
            [
                {**values, **lines._prepare_goods_values(), **self._get_team(product)}
                for product, lines in by_product.items()
            ]
            or [{**values, **self._get_team(self.line_ids.product_id)}]
        )
        self._link(cases)
        if self._holds():
            for case, lines in zip(cases, by_product.values(), strict=False):
                case._hold_reported([line._get_goods() for line in lines])
        self._tell(cases)
        return cases.sudo(False)

    def _get_team(self, product):
        """Return the value of the team: the one chosen, or the product's."""
        teams = self.env["qms.quality.team"]
        return {"team_id": (self.team_id or teams._find(self.company_id, product)).id}

    def _link(self, cases):
        """Let cases of one report know of each other."""
        if len(cases) > 1:
            for case in cases:
                case.related_ids = cases - case

    def _prepare_case_values(self):
        """Return the values that all cases of this report share."""
        values = {
            "subject": self.subject.strip(),
            "type": self.type,
            "severity": self.severity,
            "problem_type_id": self.problem_type_id.id,
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            # what is held is said line by line
            "hold_goods": False,
            "workcenter_id": self.workorder_id.workcenter_id.id,
            **{name: self[name].id for name in DOCUMENTS},
        }
        if self.description:
            values["description"] = plaintext2html(self.description)
        return values

    def _tell(self, cases):
        """Post who reported, with his files; the team's responsible is told."""
        body = plaintext2html(self.env._("%s reported this.", self.env.user.name))
        cases._tell_team()
        # sudo: the files are the reporter's own, and become the case's
        files = self.attachment_ids.sudo()
        for number, case in enumerate(cases):
            own = {"res_model": case._name, "res_id": case.id}
            mine = files.browse([file.copy(own).id for file in files if number])
            if not number:
                files.write(own)
                mine = files
            case.message_post(
                body=body,
                subtype_xmlid="mail.mt_comment",
                attachment_ids=mine.ids,
            )

    def _get_done_action(self, cases):
        if self._is_inspector():
            return cases._get_records_action(name=self.env._("Nonconformances"))
        message = self.env._(
            "It was reported: %s", ", ".join(cases.sudo().mapped("name"))
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
