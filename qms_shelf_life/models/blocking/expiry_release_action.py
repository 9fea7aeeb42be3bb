from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.qms_quality.models.sentinel import trusted

MANAGER = "qms_shelf_life.group_shelf_life_manager"


class QmsExpiryRelease(models.Model):
    """Granting and revoking: who may, and what follows."""

    _inherit = "qms.expiry.release"

    @api.model
    def _grant(self, vals_list):
        """Release lots before their expiry, on account of a decision.

        Where a rule asks for a signature or approval, the releases wait for it.

        :param list vals_list: dicts of ``lot_id``, ``kind``, ``reason``, and one of
            ``picking_id``, ``sale_order_id`` and ``partner_id``
        :return: the releases
        :raise AccessError: if the user is no shelf-life manager
        :raise UserError: names the lots that have expired, or have no date
        """
        releases = self._request(vals_list)
        releases._qms_check_grant()
        releases._qms_let_pass("grant")._qms_do_grant()
        return releases

    @api.model
    def _request(self, vals_list):
        """Return releases that wait to be granted.

        :raise AccessError: if the user is no shelf-life manager
        """
        self.env.user._qms_check_group(MANAGER)
        vals_list = [self._prepare_release(vals) for vals in vals_list]
        releases = trusted(self.sudo()).create(vals_list)
        return self.browse(releases.ids)

    @api.model
    def _prepare_release(self, vals):
        names = ("lot_id", "kind", "reason", "picking_id", "sale_order_id")
        lot = self.env["stock.lot"].browse(vals["lot_id"])
        company = lot.company_id or self.env.company
        known = {name: vals.get(name) for name in (*names, "partner_id")}
        return {**known, "company_id": company.id}

    def action_grant(self):
        """Grant releases that wait.

        :raise AccessError: if the user is no shelf-life manager
        :raise UserError: names the lots that have expired, or have no date
        :return: action where it must be signed or approved first, else ``None``
        """
        return self._qms_guarded("grant")

    def _qms_check_grant(self):
        self.env.user._qms_check_group(MANAGER)
        self.check_access("read")
        self._check_state("waiting")
        bad = self.lot_id.filtered(
            lambda lot: (
                not lot.expiration_date
                or lot._qms_is_expired(lot.sudo().location_id.warehouse_id)
            )
        )
        if bad:
            raise UserError(
                self.env._(
                    "A release is for lots near their date. These have expired, or"
                    " have no expiration date: %(lots)s.",
                    lots=", ".join(bad.mapped("display_name")),
                )
            )

    def _qms_do_grant(self):
        self._set_state("granted")
        self._reserve_again()

    def action_revoke(self):
        """Take releases back: what has not left yet stays.

        :raise AccessError: if the user is no shelf-life manager
        :raise UserError: if one is revoked already
        """
        self.env.user._qms_check_group(MANAGER)
        self.check_access("read")
        self._check_state("waiting", "granted")
        self._set_state("revoked")

    def _check_state(self, *states):
        wrong = self.filtered(lambda release: release.state not in states)
        if wrong:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "This is for releases that are %(states)s, not for: %(names)s.",
                    states=" / ".join(labels[state] for state in states),
                    names=", ".join(wrong.mapped("display_name")),
                )
            )

    def _set_state(self, state):
        if not self:
            return
        # sudo: nobody may write a release, its actions do
        releases = trusted(self.sudo())
        releases.write(
            {
                "state": state,
                "decided_by_id": self.env.uid,
                "date_decided": fields.Datetime.now(),
            }
        )
        for reason, some in releases.grouped("reason").items():
            some._audit(state, reason=reason)

    def _reserve_again(self):
        """Let the moves that wait for these lots reserve them."""
        if not self:
            return
        # sudo: who decides need not be allowed to touch a delivery
        moves = self.env["stock.move"].sudo().search(self._get_waiting_domain())
        moves._action_assign()

    def _get_waiting_domain(self):
        return [
            ("state", "in", ("confirmed", "partially_available")),
            ("product_id", "in", self.product_id.ids),
            "|",
            ("reservation_date", "<=", fields.Date.today()),
            ("picking_type_id.reservation_method", "=", "at_confirm"),
        ]
