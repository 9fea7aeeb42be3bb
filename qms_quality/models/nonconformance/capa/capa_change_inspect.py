from odoo import api, fields, models

from ...inspection.event import EVENTS
from ...inspection.optional_float import OptionalFloat


class QmsCapaChange(models.Model):
    """More tests: of goods that were not tested so, or in a test group."""

    _inherit = "qms.capa.change"

    event = fields.Selection(
        [(key, label) for key, label in EVENTS if key != "lot_term"],
        string="When",
        default="receipt",
    )
    test_group_id = fields.Many2one(
        "qms.test.group",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain=[("state", "=", "active")],
    )
    test_id = fields.Many2one(
        "qms.test", index="btree_not_null", ondelete="restrict", check_company=True
    )
    test_type = fields.Selection(related="test_id.test_type")
    target = OptionalFloat(aggregator=None)
    lower_limit = OptionalFloat(aggregator=None, help="Empty: no lower limit.")
    upper_limit = OptionalFloat(aggregator=None, help="Empty: no upper limit.")

    @api.depends("test_group_id", "test_id")
    def _compute_display_name(self):
        return super()._compute_display_name()

    def _get_subjects(self):
        if self.kind == "add_test":
            return [self.test_group_id.display_name, self.test_id.display_name]
        if self.kind == "inspect":
            return [self.test_group_id.display_name, *super()._get_subjects()]
        return super()._get_subjects()

    @api.model
    def _get_signed_fields(self):
        names = ["event", "test_group_id", "test_id"]
        return [
            *super()._get_signed_fields(),
            *names,
            "target",
            "lower_limit",
            "upper_limit",
        ]

    # -- Goods that are tested as well -------------------------------------------------

    def _get_inspect_gaps(self):
        gaps = []
        if not self.test_group_id:
            gaps.append(self.env._("choose the test group"))
        elif self._get_group_in_force().state != "active":
            gaps.append(self.env._("no version of the test group is in force"))
        if not (self.partner_id or self.product_ids or self.categ_ids):
            gaps.append(self.env._("say which supplier, products or categories"))
        return gaps

    def _get_group_in_force(self):
        """Return the version that is in force now of the group that was proposed."""
        versions = self.test_group_id._get_versions()
        return versions.filtered(lambda one: one.state == "active") or versions[-1:]

    def _apply_inspect(self):
        rule = self.env["qms.quality.association"].create(
            self._prepare_association_values()
        )
        events = dict(rule._fields["event"]._description_selection(self.env))
        proof = self.env._(
            "Made the association “%(rule)s”: %(group)s, %(event)s",
            rule=rule.name,
            group=rule.test_group_id.display_name,
            event=events[rule.event],
        )
        return rule, proof

    def _prepare_association_values(self):
        self.ensure_one()
        group = self._get_group_in_force()
        goods = ", ".join(filter(None, super()._get_subjects()))
        return {
            "name": f"{group.name}: {goods} ({self.capa_id.name})",
            "event": self.event or "receipt",
            "test_group_id": group.id,
            "partner_ids": [(6, 0, self.partner_id.ids)],
            "product_ids": [(6, 0, self.product_ids.ids)],
            "categ_ids": [(6, 0, self.categ_ids.ids)],
            "date_from": self.date_from or fields.Date.context_today(self),
            "date_to": self.date_to,
            "company_id": self.company_id.id,
        }

    # -- A test more in a group --------------------------------------------------------

    def _get_add_test_gaps(self):
        gaps = []
        if not self.test_group_id or not self.test_id:
            return [self.env._("choose the test group and the test")]
        group = self._get_group_in_force()
        if group.state != "active":
            gaps.append(self.env._("no version of the test group is in force"))
        if self.test_id in group.line_ids.test_id:
            gaps.append(
                self.env._("the test is part of %s already", group.display_name)
            )
        drafts = group._get_versions().filtered(lambda one: one.state == "draft")
        if drafts:
            gaps.append(
                self.env._(
                    "there is a draft with other changes: %s. Activate or delete it"
                    " first",
                    ", ".join(drafts.mapped("display_name")),
                )
            )
        return gaps

    def _apply_add_test(self):
        draft = self._get_group_in_force()._get_draft()
        self.env["qms.test.group.line"].create(
            {
                "group_id": draft.id,
                "sequence": max(draft.line_ids.mapped("sequence"), default=0) + 10,
                "test_id": self.test_id.id,
                **{
                    name: self[name]
                    for name in ("target", "lower_limit", "upper_limit")
                    if self[name] is not False
                },
            }
        )
        # a rule about new versions is a rule about this one, too
        draft._qms_let_pass("activate")._qms_do_activate()
        proof = self.env._(
            "Added %(test)s: %(group)s",
            test=self.test_id.display_name,
            group=draft.display_name,
        )
        return draft, proof

    def _get_pending(self):
        pending = super()._get_pending()
        record = self._get_changed()
        if self.kind == "add_test" and record and record.state == "draft":
            pending.append(self.env._("%s isn't in force yet", record.display_name))
        return pending
