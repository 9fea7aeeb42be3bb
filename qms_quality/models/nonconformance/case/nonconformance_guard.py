from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ...sentinel import is_trusted
from .nonconformance import DONE_STATES


class QmsNonconformance(models.Model):
    """What of a case can't be written by hand."""

    _inherit = "qms.nonconformance"

    @api.model
    def _get_protected_fields(self):
        """Return the fields that only actions write."""
        return {
            "name",
            "state",
            "date_opened",
            "date_closed",
            "closed_by_id",
            "quality_order_id",
        }

    @api.model
    def _get_free_fields(self):
        """Return the fields that may be written when the case is done."""
        return {
            "tag_ids",
            "related_ids",
            "activity_ids",
            "message_follower_ids",
            "message_main_attachment_id",
        }

    @api.model_create_multi
    def create(self, vals_list):
        """Open cases and hold their goods."""
        if not is_trusted(self.env):
            vals_list = [self._prepare_manual_values(vals) for vals in vals_list]
        numbers = self.env["ir.sequence"]._qms_draw(self._name, len(vals_list))
        cases = super().create(
            [
                {**vals, "name": number}
                for vals, number in zip(vals_list, numbers, strict=True)
            ]
        )
        if not is_trusted(self.env):
            cases._hold_goods()
        return cases

    def _prepare_manual_values(self, vals):
        """Refuse what only actions write, whether it comes in values or defaults."""
        start = {"name": "New", "state": "initiation"}
        names = self._get_protected_fields() - {"date_opened"}
        self._refuse_protected(
            name
            for name in names | {"failure_ids"}
            if vals.get(name) and vals[name] != start.get(name)
        )
        vals = {name: value for name, value in vals.items() if name != "date_opened"}
        # a default from the context would come in after this check
        return {**vals, **{name: start.get(name, False) for name in names}}

    def write(self, vals):
        if is_trusted(self.env):
            return super().write(vals)
        self._refuse_protected(self._get_protected_fields() & vals.keys())
        if not vals.keys() <= self._get_free_fields():
            self._check_editable()
        if {"product_id", "company_id"} & vals.keys():
            self._check_goods_kept(vals)
        before = {case: case.lot_ids for case in self if "lot_ids" in vals}
        free = self.filtered(lambda case: not case.hold_goods)
        res = super().write(vals)
        free._hold_goods()
        for case, lots in before.items():
            case._check_lots_kept(lots - case.lot_ids)
            if added := case.lot_ids - lots:
                case._hold_goods(added)
        return res

    def _refuse_protected(self, names):
        """
        :raise AccessError: names the fields, if there are any
        """
        names = sorted(names)
        if names:
            labels = [self._fields[one]._description_string(self.env) for one in names]
            raise AccessError(
                self.env._(
                    "These fields of a nonconformance are set by its buttons only: %s.",
                    ", ".join(labels),
                )
            )

    def _check_editable(self):
        """Refuse to change cases that are done.

        :raise UserError: names the cases
        """
        done = self.filtered(lambda case: case.state in DONE_STATES)
        if done and not is_trusted(self.env):
            raise UserError(
                self.env._(
                    "These cases can't be changed any more: %(cases)s. A quality"
                    " manager can reopen them.",
                    cases=", ".join(done._get_name_and_state()),
                )
            )

    def _check_goods_kept(self, vals):
        """Refuse another product or company, where something hangs on the present one.

        :raise UserError: names the case
        """
        for case in self:
            bound = case.failure_ids or case.disposition_ids or case.open_hold_count
            changed = any(
                name in vals and vals[name] != case[name].id
                for name in ("product_id", "company_id")
            )
            if bound and changed:
                raise UserError(
                    self.env._(
                        "%(case)s is about %(product)s of %(company)s, and holds,"
                        " failures or dispositions rest on that. Cancel it and open"
                        " another one.",
                        case=case.name,
                        product=case.product_id.display_name or "",
                        company=case.company_id.name,
                    )
                )

    def _check_lots_kept(self, dropped):
        """Refuse to drop lots that the case holds.

        :raise UserError: names the lots
        """
        held = self.env["qms.hold"]._search_open(self._name, self.ids).sudo().lot_id
        if dropped.sudo() & held:
            raise UserError(
                self.env._(
                    "%(case)s holds %(lots)s. Dispose of them before you take them off"
                    " the case.",
                    case=self.name,
                    lots=", ".join((dropped.sudo() & held).mapped("name")),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if self and not is_trusted(self.env):
            raise UserError(
                self.env._(
                    "A case is never deleted: %(cases)s. Cancel it and say why, and its"
                    " history stays.",
                    cases=", ".join(self.mapped("name")),
                )
            )
