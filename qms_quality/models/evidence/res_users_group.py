from odoo import models
from odoo.exceptions import AccessError


class ResUsers(models.Model):
    """The refusal of those who are not in a group, in the same words everywhere."""

    _inherit = "res.users"

    def _qms_check_group(self, group):
        """Refuse unless this user is in ``group``; being superuser doesn't stand in.

        :param str group: external id
        :raise AccessError: names the group
        """
        if not self.has_group(group):
            raise AccessError(
                self.env._(
                    "Only members of the group %s can do this.",
                    # sudo: the name of a group is no secret
                    self.env.ref(group).sudo().full_name,
                )
            )
