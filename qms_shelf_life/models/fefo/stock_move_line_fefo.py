from collections import defaultdict

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.qms_quality.models.sentinel import is_trusted


class StockMoveLine(models.Model):
    """Lots are taken in the order in which they expire, where the operation says so."""

    _inherit = "stock.move.line"

    qms_fefo_reason = fields.Char(
        "Why a Later Lot",
        copy=False,
        help="Why this lot is taken although an earlier one is free.",
    )
    qms_fefo_text = fields.Char(
        "Taken Before",
        compute="_compute_qms_fefo_text",
        help="The earlier lots that are free and would do.",
    )
    qms_fefo = fields.Selection(related="move_id.picking_type_id.qms_fefo")

    @api.depends("lot_id", "quantity", "state", "location_id")
    def _compute_qms_fefo_text(self):
        self.qms_fefo_text = False
        lines = self.filtered(
            lambda line: line._origin and line.state not in ("done", "cancel")
        )._origin
        found = {
            movement.line: lines._qms_get_skipped_text(movement, skipped)
            for movement, skipped in lines._qms_get_skipped().items()
        }
        for line in self:
            line.qms_fefo_text = found.get(line._origin, False)

    def write(self, vals):
        if "qms_fefo_reason" in vals and not is_trusted(self.env):
            self._qms_check_reason_open(vals["qms_fefo_reason"] or False)
        return super().write(vals)

    def _qms_check_reason_open(self, reason):
        """Refuse to write another reason for what was posted.

        :raise UserError: names the lots
        """
        posted = self.filtered(
            lambda line: line.state == "done" and line.qms_fefo_reason != reason
        )
        if posted:
            raise UserError(
                self.env._(
                    "Why these lots were taken was said when they were posted, and"
                    " stays: %s.",
                    ", ".join(posted.lot_id.mapped("name")),
                )
            )

    # -- Asking ------------------------------------------------------------------------

    def _qms_get_skipped(self, others=None):
        """Return what these lines pass over: ``{Movement: [Skipped]}``.

        :param others: lines whose goods count as free
        """
        lines = self.filtered("product_id.use_expiration_date")
        movements = self._qms_filter_in_order(lines._qms_get_movements())
        return self._qms_find_skipped(movements, others or self.browse())

    def _qms_get_unexplained(self, others=None):
        """Return what a reason is missing for: ``{Movement: [Skipped]}``."""
        return {
            movement: skipped
            for movement, skipped in self._qms_get_skipped(others).items()
            if movement.line._qms_asks_reason()
            and not movement.line._qms_is_explained()
        }

    def _qms_asks_reason(self):
        # sudo: a setting, for everyone
        return self.move_id.picking_type_id.sudo().qms_fefo == "reason"

    def _qms_is_explained(self):
        """Tell whether a reason is enough, and there is one."""
        return self._qms_asks_reason() and bool((self.qms_fefo_reason or "").strip())

    # -- Refusing ----------------------------------------------------------------------

    def _qms_check_choice(self):
        res = super()._qms_check_choice()
        lines = self.filtered(
            lambda line: (
                line.product_id.use_expiration_date
                and line.move_id
                and line.state not in ("done", "cancel")
            )
        )
        movements = self._qms_filter_in_order(lines._qms_get_movements())
        strict = [one for one in movements if not one.line._qms_asks_reason()]
        skipped = self._qms_find_skipped(strict, self.browse())
        if skipped:
            raise UserError(self._qms_get_order_refusal(skipped))
        return res

    @api.model
    def _qms_after_posting(self, movements):
        in_order = self._qms_filter_in_order(movements)
        if in_order:
            self._qms_check_order(in_order)
        return super()._qms_after_posting(movements)

    @api.model
    def _qms_check_order(self, movements):
        """Refuse posted goods that passed over earlier ones, or write down why.

        :raise UserError: lists all of them
        """
        lines = self.browse().union(*(movement.line for movement in movements))
        skipped = self._qms_find_skipped(movements, lines.move_id._qms_get_left_lines())
        refused = {
            movement: some
            for movement, some in skipped.items()
            if not movement.line._qms_is_explained()
        }
        if refused:
            raise UserError(self._qms_get_order_refusal(refused))
        if skipped:
            self._qms_tell_reasons(skipped)

    @api.model
    def _qms_get_order_refusal(self, skipped):
        rows = "\n".join(
            f"- {self._qms_get_skipped_text(movement, some)}"
            for movement, some in skipped.items()
        )
        if all(movement.line._qms_asks_reason() for movement in skipped):
            return self.env._(
                "These lots expire later than others that are free and would do:\n"
                "%(rows)s\nTake the earlier lots, or say on each line why a later one"
                " is taken.",
                rows=rows,
            )
        return self.env._(
            "These lots expire later than others that are free and would do:\n"
            "%(rows)s\nTake the earlier lots first.",
            rows=rows,
        )

    # -- Writing down ------------------------------------------------------------------

    @api.model
    def _qms_tell_reasons(self, skipped):
        """Say on the documents, and in the audit trail, why later lots were taken."""
        by_document = defaultdict(list)
        by_reason = defaultdict(lambda: defaultdict(list))
        label = self.env._("Later lot")
        for movement, some in skipped.items():
            line, reason = movement.line, movement.line.qms_fefo_reason.strip()
            text = self._qms_get_skipped_text(movement, some)
            by_document[line._qms_get_document()].append(f"{text}: {reason}")
            by_reason[reason][line.move_id].append((label, False, text))
        for document, rows in by_document.items():
            # sudo: what was done is said, whoever does it
            document.sudo()._message_log(
                body=Markup("%s<br/>%s")
                % (
                    self.env._("Lots that expire later were taken:"),
                    Markup("<br/>").join(rows),
                )
            )
        for reason, by_move in by_reason.items():
            self.env["qms.audit.entry"]._log(
                self.env["stock.move"].union(*by_move),
                "later_lot",
                {move.id: changes for move, changes in by_move.items()},
                reason,
            )


class StockMove(models.Model):
    _inherit = "stock.move"

    def _qms_get_left_lines(self):
        """Return the open lines that these moves' documents keep for later."""
        moves = self.picking_id.move_ids | self.raw_material_production_id.move_raw_ids
        left = moves.filtered(
            lambda move: (
                move.state not in ("done", "cancel")
                and move.product_id in self.product_id
            )
        )
        return left.move_line_ids
