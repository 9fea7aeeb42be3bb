from odoo import models
from odoo.fields import Domain


class QmsTracedMixin(models.AbstractModel):
    """What stands for lots, and opens their genealogy: orders, transfers, partners."""

    _name = "qms.traced.mixin"
    _description = "Record Whose Lots Are Traced"

    def action_qms_trace(self):
        """Open the genealogy of these records' lots.

        :return: an action
        :raise AccessError: where the user may not read them, or no genealogy
        """
        self.check_access("read")
        self.env["qms.lot.link"].check_access("read")
        action = self.env["ir.actions.client"]._for_xml_id(
            "qms_traceability.action_qms_trace_graph"
        )
        return dict(
            action,
            context={
                "active_id": self[:1].id,
                "trace_model": self._name,
                "trace_ids": self.ids,
            },
        )

    def _qms_get_traced_lots(self, limit):
        """Return the lots that these records are about, the newest, and their number.

        :param int limit: how many lots at most
        :return: (``stock.lot`` that the user may read, how many there are)
        """
        # sudo: who reads an order need not be allowed to read its lines of goods;
        # which of the lots the user may read is asked below
        lines = self.env["stock.move.line"].sudo()
        groups = lines._read_group(
            self._qms_get_traced_lines_domain()
            & Domain("lot_id", "!=", False)
            & Domain("state", "=", "done"),
            ["lot_id"],
        )
        ids = [lot.id for (lot,) in groups]
        return self._qms_search_traced_lots(Domain("id", "in", ids), limit)

    def _qms_search_traced_lots(self, domain, limit):
        """Return the newest lots of a domain, and how many there are."""
        lots = self.env["stock.lot"].search(domain, limit=limit + 1, order="id desc")
        if len(lots) <= limit:
            return lots, len(lots)
        return lots[:limit], lots.search_count(domain)

    def _qms_get_traced_lines_domain(self):
        """Return which ``stock.move.line`` move the goods of these records. Override.

        :return: ``Domain``
        """
        raise NotImplementedError
