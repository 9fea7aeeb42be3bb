from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..sentinel import trusted, untrusted


class QmsHold(models.Model):
    """Releasing holds: who may, and how."""

    _inherit = "qms.hold"

    def action_release(self):
        """Ask for the reason, then release.

        :raise UserError: if the user may not release one of the holds
        """
        self._check_release()
        return self.env["qms.hold.wizard"]._open_release(self)

    def action_open_document(self):
        """Open the document that holds the goods."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }

    def _check_release(self):
        """Refuse unless the user may release every one of the holds by hand.

        :raise AccessError: names each hold and the group that may release it
        :raise UserError: if a hold only extends another one
        """
        extensions = self.filtered("root_id")
        if extensions:
            raise UserError(
                self.env._(
                    "These holds travelled with their goods. Release the holds that"
                    " they extend: %(roots)s.",
                    roots=", ".join(extensions.root_id.mapped("name")),
                )
            )
        groups = self.env.user.all_group_ids
        refused = self.filtered(
            lambda hold: hold.status_id._get_release_group() not in groups
        )
        if refused:
            raise AccessError(
                self.env._(
                    "You may not release these holds:\n%(holds)s",
                    holds="\n".join(hold._get_release_hint() for hold in refused),
                )
            )

    def _get_release_hint(self):
        return self.env._(
            "%(hold)s on %(goods)s: ask someone of the group %(group)s.",
            hold=self.display_name,
            goods=self._get_goods_name(),
            group=self.status_id._get_release_group().sudo().full_name,
        )

    def _release(self, reason, comment=None):
        """Release open holds on account of something else that was decided or happened.

        The caller's action has checked the rights. Holds whose release a rule guards
        stay, and signature or approval is asked for. What only stood for another hold
        is released at any rate.

        :param str reason: why
        :param str comment: more words
        """
        opened = self.filtered(lambda hold: hold.state == "open")
        own = opened.filtered(lambda hold: not hold.root_id and not hold.provisional)
        passing = own._qms_let_pass("release", reason=reason, comment=comment or False)
        (opened - own | passing)._qms_do_release(reason, comment)

    def _qms_do_release(self, reason, comment=None):
        """Release open holds with what they were extended to, and reserve again.

        :param str reason: why
        :param str comment: more words
        """
        # sudo: validating a quality order releases, but nobody may write the ledger
        holds = trusted(self.sudo())
        holds = (holds | holds.child_ids).filtered(lambda hold: hold.state == "open")
        if not holds:
            return
        holds._bump_gate()
        holds.write(
            {
                "state": "released",
                "date_released": fields.Datetime.now(),
                "released_by_id": self.env.uid,
                "release_reason": reason,
                "release_comment": comment,
            }
        )
        holds._end_activities()
        holds._audit("release", reason=reason)
        untrusted(holds)._reserve_again()

    def _get_roots(self):
        """Return the holds that these came from: what a person releases."""
        return self.root_id | self.filtered(lambda hold: not hold.root_id)

    @api.model
    def _search_open(self, res_model, res_ids):
        """Return the open holds that documents placed, without their extensions."""
        # sudo: who acts on the document need not read the ledger
        holds = self.sudo().search(self._get_document_domain(res_model, res_ids))
        return holds.sudo(self.env.su)

    def _get_document_domain(self, res_model, res_ids):
        return [
            ("res_model", "=", res_model),
            ("res_id", "in", res_ids),
            ("state", "=", "open"),
            ("root_id", "=", False),
        ]
