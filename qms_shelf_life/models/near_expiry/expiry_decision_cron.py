import logging

from odoo import api, models

from odoo.addons.qms_quality.models.retry import is_transient
from odoo.addons.qms_quality.models.sentinel import trusted, untrusted

_logger = logging.getLogger(__name__)


class QmsExpiryDecision(models.Model):
    """The scheduled action: lists what comes near, closes what has nothing left."""

    _inherit = "qms.expiry.decision"

    @api.model
    def _cron_near_expiry(self, limit=1000):
        """List the goods of all warehouses that come near their date.

        In batches, each committed: what a stopped server left is done by the next run.
        A lot that can't be listed is told, and stops no other.

        :param int limit: lots in a batch
        """
        warehouses = self.env["stock.warehouse"].sudo().search([])
        for number, warehouse in enumerate(warehouses, 1):
            rows = self.with_company(warehouse.company_id)
            more = len(warehouses) > number
            if not rows._list_warehouse(warehouse, limit, more):
                return

    def _list_warehouse(self, warehouse, limit, more):
        """List what is near in a warehouse.

        :param bool more: whether other warehouses follow
        :return bool: whether there is time left
        """
        progress, failed = self.env["ir.cron"]._commit_progress, set()
        time = progress(*self._close_past(warehouse), remaining=1)
        while time:
            lots = self._find_near(warehouse, limit, failed)
            failed |= self._list_safely(warehouse, lots)
            full = len(lots) == limit
            time = progress(len(lots), remaining=limit if full else int(more))
            if not full:
                break
        return bool(time)

    def _close_past(self, warehouse):
        """Close the rows of a warehouse that have nothing left to decide.

        :return: how many, in a tuple
        """
        gone = self._find_gone(warehouse)
        gone._close(self.env._("Nothing is left."))
        far = self._find_far(warehouse)
        far._close(self.env._("The goods are not near their date any more."))
        return (len(gone) + len(far),)

    def _list_safely(self, warehouse, lots):
        """List lots; where that fails, each half by itself.

        :return: the ids of those that failed
        """
        if not lots:
            return set()
        try:
            with self.env.cr.savepoint():
                self._list(warehouse, lots)
            return set()
        except Exception as error:
            if is_transient(error):
                raise
            if len(lots) == 1:
                _logger.warning(
                    "%s: not listed as near expiry", lots.name, exc_info=error
                )
                return set(lots.ids)
        half = len(lots) // 2
        return self._list_safely(warehouse, lots[:half]) | self._list_safely(
            warehouse, lots[half:]
        )

    @api.model
    def _list(self, warehouse, lots):
        """Put lots on the list of a warehouse, and do with them as it says.

        :return: the rows
        """
        # trusted: goods are listed by their dates, whoever runs it
        rows = trusted(self.sudo()).with_context(
            mail_create_nolog=True, mail_create_nosubscribe=True, tracking_disable=True
        )
        rows = rows.create([self._prepare_row(warehouse, lot) for lot in lots])
        rows = untrusted(rows.with_env(self.env)).sudo()
        rows._contain()
        return rows

    @api.model
    def _prepare_row(self, warehouse, lot):
        product = lot.product_id.with_company(warehouse.company_id)
        return {
            "lot_id": lot.id,
            "warehouse_id": warehouse.id,
            "user_id": product.responsible_id.id,
        }
