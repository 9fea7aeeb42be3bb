from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import plaintext2html
from odoo.tools.misc import clean_context

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
    _inherit = ["qms.goods.dialog.mixin"]
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
        help="The goods are held until it is decided what becomes of them."
    )

    @api.model
    def _get_case_selection(self, name):
        return (
            self.env["qms.nonconformance"]
            ._fields[name]
            ._description_selection(self.env)
        )

    # -- What the dialog says ----------------------------------------------------------

    @api.model
    def _get_title(self):
        return self.env._("Report a Nonconformance")

    @api.model
    def _get_refusal(self):
        return self.env._(
            "You may not report nonconformances. Tell someone who works in"
            " Inventory, Manufacturing, Purchase, Sales or Quality."
        )

    def _get_named(self):
        return [
            *super()._get_named(),
            *(self[name] for name in DOCUMENTS),
            self.problem_type_id,
            *self.line_ids._get_records(),
        ]

    # -- Reporting ---------------------------------------------------------------------

    def action_report(self):
        """Open the cases: one for each product, or one about no goods.

        :return: the action that opens the case, or tells that it was reported
        :raise AccessError: if the user may not report, or may not see what he reports
        :raise UserError: if something is missing
        """
        self.ensure_one()
        self._check_asker()
        self._check_readable()
        self._check_complete()
        return self._show_made(
            self._report(),
            self.env._("Nonconformances"),
            self.env._("It was reported:"),
        )

    def _check_readable(self):
        res = super()._check_readable()
        # nobody may show others a file by naming its id
        foreign = self.attachment_ids.sudo().filtered(
            lambda file: file.create_uid != self.env.user
        )
        if foreign:
            raise AccessError(
                self.env._("You can add only files that you upload yourself.")
            )
        return res

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
