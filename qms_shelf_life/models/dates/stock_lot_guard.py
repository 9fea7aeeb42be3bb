from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.qms_quality.models.sentinel import is_trusted

from .stock_lot import DATES

MANAGER = "qms_shelf_life.group_shelf_life_manager"


class StockLot(models.Model):
    """Where the company says so, dates change by right and for a reason only.

    What computes them writes them as compute methods do; what the system's own actions
    decide is trusted. Everything else comes through ``write``, whoever calls it.
    """

    _inherit = "stock.lot"

    qms_dates_locked = fields.Boolean(compute="_compute_qms_dates_locked")

    @api.depends_context("uid")
    def _compute_qms_dates_locked(self):
        is_manager = self.env.user.has_group(MANAGER)
        locked = self.browse() if is_manager else self._qms_get_guarded()
        for lot in self:
            lot.qms_dates_locked = lot in locked

    def _qms_get_guarded(self):
        """Return those of these lots whose dates need a right and a reason.

        A lot of no company is guarded as soon as any company of the user asks for it.
        """
        # sudo: the setting holds for those who may not read their company's
        lots = self.sudo()
        asking = self.env.user.sudo().company_ids.filtered("qms_expiry_change")
        guarded = lots.filtered(
            lambda lot: (
                (lot.company_id or lot.location_id.company_id or asking)[
                    :1
                ].qms_expiry_change
            )
        )
        return guarded.with_env(self.env)

    def _qms_check_date_change(self, vals):
        """Refuse changes of dates by those who may not, or without a reason.

        :param dict vals: what is written
        :raise AccessError: names the lots, and whom to ask
        :raise ReasonRequired: where the reason is missing
        """
        # while modules are loaded nobody is asked
        if is_trusted(self.env) or not self.pool.ready:
            return
        changed = self._qms_get_guarded().filtered(
            lambda lot: lot._qms_is_date_changed(vals)
        )
        if not changed:
            return
        if not self.env.user.has_group(MANAGER):
            changed._qms_refuse_date_change()
        rules = self.env["qms.reason.rule"]
        if not rules._is_given():
            rules._refuse(changed.mapped("display_name"))

    def _qms_refuse_date_change(self):
        raise AccessError(
            self.env._(
                "The dates of these lots are changed by shelf-life managers only:"
                " %(lots)s.\nAsk one of them.",
                lots=", ".join(self.mapped("display_name")),
            )
        )

    def _qms_is_date_changed(self, vals):
        return any(
            self[name] != self._fields[name].convert_to_cache(vals[name], self)
            for name in DATES & vals.keys()
            if self[name] or vals[name]
        )
