from odoo import api, models

_OURS = (
    "qms_quality.group_quality_inspector",
    "qms_quality.group_quality_manager",
    "qms_quality.group_compliance_officer",
)
_MEMBERSHIP = {"user_ids", "implied_ids", "implied_by_ids"}


class ResGroups(models.Model):
    """The other doors to a group: its list of users, and what implies it."""

    _inherit = "res.groups"

    @api.model_create_multi
    def create(self, vals_list):
        before = self._qms_get_members()
        groups = super().create(vals_list)
        groups._qms_tell_members(before)
        return groups

    def write(self, vals):
        if _MEMBERSHIP.isdisjoint(vals):
            return super().write(vals)
        before = self._qms_get_members()
        res = super().write(vals)
        self._qms_tell_members(before)
        return res

    def unlink(self):
        before = self._qms_get_members()
        res = super().unlink()
        self._qms_tell_members(before)
        return res

    @api.model
    def _qms_get_own_groups(self):
        """Return the groups of this system, those that are there."""
        data = self.env["ir.model.data"]
        ids = [data._xmlid_to_res_id(name, raise_if_not_found=False) for name in _OURS]
        return self.browse(filter(None, ids)).exists()

    @api.model
    def _qms_get_members(self):
        """Return ``{user id: names of the Quality groups}`` of all who are in one."""
        # sudo: the trail follows whom the user may not read
        users = self.env["res.users"].sudo().with_context(active_test=False)
        groups = self._qms_get_own_groups()
        return users.search([("all_group_ids", "in", groups.ids)])._qms_get_authority()

    @api.model
    def _qms_tell_members(self, before):
        ids = before.keys() | self._qms_get_members().keys()
        self.env["res.users"].browse(ids)._qms_tell_authority(before)
