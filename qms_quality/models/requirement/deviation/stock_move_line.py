from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import UserError

from ...sentinel import trusted

STRICT = ("blocked", "approval")


class StockMoveLine(models.Model):
    """What departs is recorded when goods are posted, never lost."""

    _inherit = "stock.move.line"

    @api.model
    def _qms_after_posting(self, movements):
        res = super()._qms_after_posting(movements)
        moves = self.env["stock.move"].union(*(m.line.move_id for m in movements))
        departures = moves._qms_get_departures(movements)
        if departures:
            self._qms_record_departures(departures)
        return res

    @api.model
    def _qms_record_departures(self, departures, late=False):
        """Record what departs; hold what came in so, or refuse it by setting.

        :param list departures: of ``(Movement, qms.qrs.document.line, Judgement)``
        :param bool late: they were posted before, and may lie elsewhere by now
        """
        pending = [one for one in departures if one[2].state == "pending"]
        known = [one for one in departures if one[2].state != "pending"]
        self._qms_wait_for_tests(pending)
        received = [one for one in known if self._qms_is_stopped_here(*one)]
        if not late:
            self._qms_check_received(received)
        deviations = self._qms_make_deviations(known)
        self._qms_hold_received(received, deviations, late)
        self._qms_tell_departures(known, deviations)

    def _qms_make_deviations(self, departures):
        """Return ``{(movement line, lot, criterion): deviation}``."""
        moves = self.env["stock.move"]
        vals_list = [moves._qms_prepare_deviation(*one) for one in departures]
        approvals = moves._qms_get_approvals(departures)
        for vals, approval in zip(vals_list, approvals, strict=True):
            vals["is_intentional"] |= approval == "given"
        made = self.env["qms.deviation"]._qms_record(vals_list)
        return {
            (one.move_line_id.id, one.lot_id.id, one.criterion_id.id): one
            for one in made.sudo()
        }

    # -- What came in ------------------------------------------------------------------

    def _qms_is_stopped_here(self, movement, copy, judgement):
        """Tell whether goods arrived that should not be used as they are."""
        return (
            bool({"receipt", "output"} & set(movement.types))
            and judgement.criterion.departure in STRICT
            and not copy.is_ignored
            and movement.line.picking_type_id._qms_enforces()
        )

    def _qms_check_received(self, received):
        """Refuse what came in, where the company wants no such goods at all.

        :raise UserError: lists all departures
        """
        refused = [
            one
            for one in received
            if one[0].line.company_id.qms_receipt_departure == "refuse"
            and "receipt" in one[0].types
        ]
        if refused:
            raise UserError(
                self.env._(
                    "These goods don't meet what was ordered, and are not accepted:\n"
                    "%(rows)s\nTake them out of the receipt, or record what was"
                    " measured.",
                    rows="\n".join(
                        self._qms_get_departure_row(*one) for one in refused
                    ),
                )
            )

    def _qms_hold_received(self, received, deviations, late=False):
        movements = {}
        for movement, _copy, judgement in received:
            key = (movement.line.id, movement.lot.id, judgement.criterion.id)
            if key in deviations:
                movements[deviations[key]] = movement
        undecided = self.env["qms.deviation"].sudo().union(*movements)
        undecided = undecided.filtered(lambda one: one.decision != "accepted")
        undecided._hold_received(movements, late)

    def _qms_get_departure_row(self, movement, copy, judgement):
        """Return one line: goods, who demands what, and what is found."""
        names = (movement.product.display_name, movement.lot.name)
        goods = " · ".join(name for name in names if name)
        return f"- {goods}: {copy._qms_get_unmet_text(judgement)}"

    def _qms_tell_departures(self, departures, deviations):
        """List all departures of a posting on its document, at once."""
        moves = self.env["stock.move"]
        for document, some in moves._qms_group_by_document(departures).items():
            if not hasattr(document, "_message_log"):
                continue
            rows = Markup("<br/>").join(
                self._qms_get_departure_row(*one) for one in some
            )
            title = self.env._("Recorded as deviations:")
            # sudo: what is recorded is said, whoever posts
            document.sudo()._message_log(body=Markup("%s<br/>%s") % (title, rows))

    # -- What waits for a test ---------------------------------------------------------

    def _qms_wait_for_tests(self, pending):
        # sudo: nobody's to write
        waiting = trusted(self.env["qms.deviation.waiting"].sudo())
        known = (
            {
                (row.move_line_id.id, row.criterion_id.id, row.lot_id.id)
                for row in waiting.search(
                    [("move_line_id", "in", [one[0].line.id for one in pending])]
                )
            }
            if pending
            else set()
        )
        waiting.create(
            [
                {
                    "move_line_id": movement.line.id,
                    "document_line_id": copy.id,
                    "criterion_id": judgement.criterion.id,
                    "lot_id": movement.lot.id,
                }
                for movement, copy, judgement in pending
                if (movement.line.id, judgement.criterion.id, movement.lot.id)
                not in known
            ]
        )

    def _qms_compare_again(self, waiting):
        """Compare goods whose test is done, as if they were posted now.

        :param waiting: ``qms.deviation.waiting`` of these lines
        """
        lines = self.sudo().filtered(lambda line: line.state == "done")
        keys = {
            (row.move_line_id.id, row.lot_id.id, row.criterion_id.id) for row in waiting
        }
        trusted(waiting).unlink()
        movements = lines._qms_get_movements()
        departures = [
            (movement, copy, judgement)
            for movement, copy, judgement in lines.move_id._qms_get_departures(
                movements
            )
            if (movement.line.id, movement.lot.id, judgement.criterion.id) in keys
        ]
        if departures:
            self._qms_record_departures(departures, late=True)
