from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_list

from ...gate.transaction import goods_of
from ...number_text import format_quantity
from ...sentinel import trusted
from .stock_move_carrying import OVER

FOLLOWED = ("return", "rework")


class QmsDisposition(models.Model):
    """Dispositions that other people's documents carry out, and what becomes of them.

    The documents are prepared and reserved when the disposition is carried out. What is
    shipped or used up counts; what is not stays held, and can be decided on again.
    """

    _name = "qms.disposition"
    _inherit = ["qms.disposition", "qms.documents.mixin"]

    # -- Which goods -------------------------------------------------------------------

    def _get_goods_domain(self):
        """Return the domain of the stock that moves of this disposition may reserve.

        Nothing, while another document holds it.
        """
        self.ensure_one()
        if self.state != "in_progress" or self._get_refusing()[self]:
            return Domain.FALSE
        return self._get_exact_domain()

    def _get_exact_domain(self):
        """Return the domain of just these goods, on quants or on move lines."""
        return (
            Domain("product_id", "=", self.product_id.id)
            & Domain("lot_id", "=", self.lot_id.id)
            & Domain("location_id", "=", self.location_id.id)
            & Domain("package_id", "=", self.package_id.id)
            & Domain("owner_id", "=", self.owner_id.id)
        )

    def _is_about(self, movement):
        """Tell whether a posted movement takes this disposition's own goods."""
        return goods_of(movement) == self._get_goods()

    def _get_reserved_problems(self):
        """Return what other documents have reserved of the goods, as texts."""
        stock = self._get_stock()[self]
        free = sum(stock.mapped("quantity")) - sum(stock.mapped("reserved_quantity"))
        if not stock or self.uom_id.compare(free, self.quantity) >= 0:
            return []
        # sudo: what is reserved is, whoever decides
        lines = self.env["stock.move.line"].sudo()
        lines = lines.search(
            self._get_exact_domain()
            & Domain("state", "in", ("partially_available", "assigned"))
        )
        return [
            self.env._(
                "only %(free)s %(unit)s are free: %(documents)s reserved the rest."
                " Unreserve it there first.",
                free=format_quantity(self.env, max(free, 0)),
                unit=self.uom_id.name,
                documents=format_list(self.env, lines.move_id._qms_get_document_names())
                or self.env._("something else"),
            )
        ]

    # -- Its documents take them -------------------------------------------------------

    def _reserve(self, move, quantity):
        """Reserve a quantity of the goods for ``move``, exactly where they are.

        :return: the ``stock.move.line``, in sudo
        """
        self.ensure_one()
        # the permit needs the line: until then it would be refused
        lines = move.move_line_ids.with_context(qms_picked_by_system=True)
        line = lines.create(
            {
                **move._prepare_move_line_vals(),
                "quantity": quantity,
                "product_uom_id": self.product_id.uom_id.id,
                "lot_id": self.lot_id.id,
                "location_id": self.location_id.id,
                "package_id": self.package_id.id,
                "owner_id": self.owner_id.id,
            }
        )
        return line.with_env(move.env)

    # -- What became of it -------------------------------------------------------------

    @api.model
    def _get_shipped_kinds(self):
        return super()._get_shipped_kinds() - {*FOLLOWED}

    def _settle(self):
        res = super()._settle()
        self._follow_documents()
        return res

    def _follow_documents(self):
        """End the dispositions whose documents are finished or cancelled.

        What moved is done. Where nothing did, the disposition waits to be carried out
        again: its goods are still held.
        """
        # sudo: who finishes the documents need not be allowed to read the decision
        rows = trusted(self.sudo()).filtered(
            lambda row: row.state == "in_progress" and row.kind in FOLLOWED
        )
        for row in rows:
            row.done_quantity = row._get_carried_quantity()
            if row._has_open_documents():
                continue
            row._close_permits()
            if row.uom_id.is_zero(row.done_quantity):
                row._take_back()
            else:
                row._finish()

    def _get_carried_quantity(self):
        """Return how much of the goods the documents have taken so far."""
        done = self.move_ids.filtered(lambda move: move.state == "done")
        return self._get_moved_quantity(done)

    def _has_open_documents(self):
        """Tell whether a document is still to be finished. Extension point."""
        return any(move.state not in OVER for move in self.move_ids)

    def _close_permits(self):
        """Leave nothing of the permits: what was not used is held as before."""
        permits = self.env["qms.hold.permit"].search(
            Domain("res_model", "=", self._name) & Domain("res_id", "in", self.ids)
        )
        permits._close()

    def _finish(self):
        left = self.quantity - self.done_quantity
        if self.uom_id.compare(left, 0) > 0:
            self._log_case(
                self.env._(
                    "%(row)s: %(left)s %(unit)s were left. They are held as before:"
                    " decide on them again.",
                    row=self.display_name,
                    left=format_quantity(self.env, left),
                    unit=self.uom_id.name,
                )
            )
        self._set_done(self.done_quantity)

    def _take_back(self):
        """Have the disposition wait to be carried out again."""
        trusted(self).write(
            {"state": "approved", "executed_by_id": False, "date_executed": False}
        )
        reason = self.env._(
            "%(row)s: its documents were cancelled. The goods are held as before, and"
            " it can be carried out again, or cancelled.",
            row=self.display_name,
        )
        self._audit("take_back", reason=reason)
        self._log_case(reason)

    def _log_case(self, text):
        """Say in the chatter of these rows and of their cases what happened."""
        for row in self:
            row.message_post(body=text)
            row.nonconformance_id.message_post(body=text)
