from odoo import api, fields, models
from odoo.exceptions import UserError

from ...sentinel import trusted
from ..quality_order import MANAGER
from . import switching
from .sampling_plan_z14 import CLASSES, SEVERITIES


class QmsSamplingSeverity(models.Model):
    """How severely lots of a product from a partner are inspected, and why.

    One record per plan, product, partner and class of defects, as ANSI/ASQ Z1.4 asks
    for: its lots in the order of their verdicts, and each switch with its reason.
    """

    _name = "qms.sampling.severity"
    _description = "Inspection Severity"
    _inherit = ["mail.thread", "mail.activity.mixin", "qms.sampling.record"]
    _order = "plan_id, product_id, id"
    _key = ("plan_id", "product_id", "partner_id", "company_id", "defect_class")

    plan_id = fields.Many2one(
        "qms.sampling.plan", required=True, readonly=True, ondelete="restrict"
    )
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, ondelete="restrict"
    )
    partner_id = fields.Many2one("res.partner", readonly=True, ondelete="restrict")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    defect_class = fields.Selection(
        CLASSES, string="Class", required=True, readonly=True
    )
    severity = fields.Selection(
        SEVERITIES, required=True, readonly=True, default=switching.START
    )
    is_discontinued = fields.Boolean(
        string="Discontinued",
        readonly=True,
        help="Five lots were rejected on tightened inspection: nothing is accepted"
        " until a quality manager resumes the inspection.",
    )
    is_steady = fields.Boolean(
        string="Production is steady",
        readonly=True,
        help="Asked before inspection is reduced. Taken back, it ends that.",
    )
    recent = fields.Json(
        string="Lots since the Switch",
        readonly=True,
        qms_audit=False,
        help="What the switching rules look at: accepted, between, units, defects.",
    )
    progress = fields.Char(compute="_compute_progress")
    lot_ids = fields.One2many(
        "qms.sampling.severity.lot", "severity_id", string="Lots", readonly=True
    )
    switch_ids = fields.One2many(
        "qms.sampling.severity.switch", "severity_id", string="Switches", readonly=True
    )
    date_switch = fields.Datetime(string="Since", readonly=True)

    _key_uniq = models.UniqueIndex(
        "(plan_id, product_id, COALESCE(partner_id, 0), company_id, defect_class)"
    )

    @api.depends("plan_id", "product_id", "partner_id", "defect_class")
    def _compute_display_name(self):
        classes = dict(self._fields["defect_class"]._description_selection(self.env))
        for one in self:
            names = [one.plan_id.name, one.product_id.display_name]
            if one.partner_id:
                names.append(one.partner_id.display_name)
            one.display_name = " · ".join([*names, classes.get(one.defect_class, "")])

    @api.depends_context("lang")
    @api.depends("recent", "severity", "is_discontinued")
    def _compute_progress(self):
        for one in self:
            lots = one._get_lots()
            one.progress = self.env._(
                "%(count)s lots since the switch, %(rejected)s rejected",
                count=len(lots),
                rejected=sum(not lot.accepted for lot in lots),
            )

    # -- Lots --------------------------------------------------------------------------

    def _get_lots(self):
        """Return the lots since the last switch, as the rules read them."""
        self.ensure_one()
        return [switching.Lot(*values) for values in self.recent or []]

    @api.model
    def _record(self, defects):
        """Count verdicts in the order of ``defects``, and switch where the rules say.

        :param defects: ``qms.quality.order.defect`` of orders that got their verdict
        """
        # sudo: an inspector's verdict is counted, whatever he may write
        defects = trusted(defects.sudo())
        switched, rows = self.browse(), []
        for defect in defects:
            severity = defect.severity_id
            is_counted = severity._is_counting(defect)
            rows.append(severity._prepare_lot(defect, is_counted))
            if is_counted and severity._take(defect):
                switched |= severity
        defects.env["qms.sampling.severity.lot"].create(rows)
        if switched:
            trusted(switched.sudo())._replan_waiting()

    def _is_counting(self, defect):
        """Tell whether a verdict counts: a first submission, inspected as severely as
        lots are now."""
        return (
            not defect.order_id.is_resubmission
            and not self.is_discontinued
            and defect.severity == self.severity
        )

    def _prepare_lot(self, defect, is_counted):
        self.ensure_one()
        stage = defect._get_stages()[-1]
        return {
            "severity_id": self.id,
            "order_id": defect.order_id.id,
            "inspected_as": defect.severity,
            "is_accepted": defect.verdict == "passed",
            "is_gap": defect.is_gap,
            "size": defect._get_inspected_size(),
            "found": defect._get_found(),
            "accept": stage.accept,
            "reject": stage.reject,
            "is_resubmission": defect.order_id.is_resubmission,
            "is_counted": is_counted,
        }

    def _take(self, defect):
        """Add a lot to those that the rules look at; tell whether they switched."""
        lot = switching.Lot(
            defect.verdict == "passed",
            defect.is_gap,
            defect._get_inspected_size(),
            defect._get_found(),
        )
        lots = [*self._get_lots(), lot]
        # rejections on tightened inspection are counted as long as it lasts
        window = len(lots) if self.severity == "tightened" else switching.WINDOW
        self.recent = [list(lot) for lot in lots[-window:]]
        switch = self._get_switch()
        if switch:
            self._switch(*switch, order=defect.order_id)
        return bool(switch)

    def _get_switch(self):
        """Return what the rules say: severity and reason, or ``None``."""
        plan = self.plan_id
        aql = plan._get_aqls().get(self.defect_class)
        if not plan.switching or not aql:
            return None
        return switching.get_switch(
            self.severity,
            self._get_lots(),
            aql,
            reduced=plan.allow_reduced,
            steady=self.is_steady,
            limits=plan.use_limit_numbers,
        )

    # -- Switches ----------------------------------------------------------------------

    def _switch(self, new, reason, order=None, comment=None):
        """Write a switch with its reason, and start with a clean sheet.

        :param str new: a severity, or ``discontinued``
        :param str reason: of ``qms.sampling.severity.switch``
        :param order: ``qms.quality.order`` whose verdict switched
        :param str comment: a person's words
        """
        self.ensure_one()
        switch = self.env["qms.sampling.severity.switch"].create(
            {
                "severity_id": self.id,
                "old_severity": (
                    "discontinued" if self.is_discontinued else self.severity
                ),
                "new_severity": new,
                "reason": reason,
                "comment": comment,
                "order_id": order.id if order else False,
                "user_id": self.env.uid,
            }
        )
        vals = {"recent": [], "date_switch": fields.Datetime.now()}
        if new == "discontinued":
            vals["is_discontinued"] = True
        else:
            vals.update(severity=new, is_discontinued=False)
        self.write(vals)
        self._audit(
            "switch", {"severity": switch._get_labels()}, reason=switch._get_reason()
        )
        self._message_log(body=switch.display_name)
        if new == "discontinued":
            self._tell_managers(switch)

    def _tell_managers(self, switch):
        """Ask a quality manager to act: nothing is accepted until one resumes."""
        group = self.env.ref("qms_quality.group_quality_manager")
        managers = group.all_user_ids.filtered(
            lambda user: (
                self.company_id in user.company_ids
                and user.active
                and not user._is_superuser()
            )
        )
        responsible = switch.order_id.association_id.user_id & managers
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=(responsible or managers)[:1].id or self.env.uid,
            summary=self.env._("Inspection is discontinued"),
            note=self.env._(
                "Five lots were rejected on tightened inspection: %s. Lots stay held"
                " until you resume it.",
                self.display_name,
            ),
        )

    def _replan_waiting(self):
        """Plan the orders anew that nobody has started, by the present severity."""
        waiting = self.env["qms.quality.order.defect"].search(
            [("severity_id", "in", self.ids), ("order_id.state", "=", "draft")]
        )
        waiting.order_id._replan()

    # -- By hand -----------------------------------------------------------------------

    def _check_manager(self):
        """Refuse unless the user is a quality manager.

        :raise AccessError: names the group
        """
        self.env.user._qms_check_group(MANAGER)
        self.check_access("read")

    def action_open_switch(self):
        """Open the dialog to switch by hand.

        :raise AccessError: if the user is no quality manager
        """
        self.ensure_one()
        self._check_manager()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Switch Severity"),
            "res_model": "qms.sampling.switch.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_severity_id": self.id},
        }

    def action_switch(self, new, comment):
        """Switch by hand, or resume an inspection that was discontinued.

        :param str new: ``normal``, ``tightened`` or ``reduced``
        :param str comment: why
        :raise AccessError: if the user is no quality manager
        :raise UserError: without a reason, for the present severity, or where the
            standard leaves one way only
        """
        self._check_manager()
        self._check_switch(new, comment)
        # sudo: the rights were checked, the record itself is nobody's to write
        records = trusted(self.sudo())
        for record in records:
            reason = "resumed" if record.is_discontinued else "manual"
            record._switch(new, reason, comment=comment)
            record.activity_unlink(["mail.mail_activity_data_todo"])
        records._replan_waiting()

    def _check_switch(self, new, comment):
        if new not in dict(SEVERITIES):
            raise UserError(self.env._("There is no severity %s.", new))
        if not (comment or "").strip():
            raise UserError(self.env._("Say why the severity is switched by hand."))
        for one in self:
            if one.is_discontinued and new != "tightened":
                raise UserError(
                    self.env._(
                        "%s was discontinued: it is resumed on tightened inspection.",
                        one.display_name,
                    )
                )
            if one.severity == new and not one.is_discontinued:
                raise UserError(
                    self.env._("%s is inspected so already.", one.display_name)
                )
            if new == "reduced" and not one.plan_id.allow_reduced:
                raise UserError(
                    self.env._(
                        "%s: its plan doesn't want reduced inspection.",
                        one.display_name,
                    )
                )

    def action_set_steady(self):
        """Say that production is steady: inspection may be reduced.

        :raise AccessError: if the user is no quality manager
        """
        self._check_manager()
        self._set_steady(True)

    def action_set_unsteady(self):
        """Say that production is irregular: reduced inspection ends.

        :raise AccessError: if the user is no quality manager
        """
        self._check_manager()
        records = self._set_steady(False)
        reduced = records.filtered(lambda one: one.severity == "reduced")
        for record in reduced:
            record._switch("normal", "irregular")
        reduced._replan_waiting()

    def _set_steady(self, value):
        # sudo: the rights were checked, the record itself is nobody's to write
        records = trusted(self.sudo())
        records.is_steady = value
        label = self.env._("Yes"), self.env._("No")
        change = label[::-1] if value else label
        records._audit("steady", {"is_steady": change})
        return records
