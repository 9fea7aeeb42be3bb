from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date, format_list

from odoo.addons.qms_quality.models.number_text import format_quantity


class QmsExpiryDecision(models.Model):
    """Why something can't be decided, all of it before anything is done."""

    _inherit = "qms.expiry.decision"

    problem = fields.Text(
        string="In the Way",
        compute="_compute_problem",
        compute_sudo=True,
        help="What has to be changed before this can be decided.",
    )

    @api.depends(
        "state",
        "kind",
        "quantity",
        "reason",
        "partner_id",
        "price",
        "date_extended",
        "test_group_ids",
    )
    def _compute_problem(self):
        self.problem = False
        # as saved: what is being typed is looked at when it is saved
        waiting = self._origin.filtered(lambda row: row.state == "waiting" and row.kind)
        problems = waiting._get_problems()
        for row in self:
            row.problem = "\n".join(problems.get(row._origin, ())) or False

    def _check_problems(self):
        """Refuse rows that can't be carried out as they are.

        :raise UserError: all that is wrong, of all rows
        """
        texts = [
            f"- {row.display_name}: {text}"
            for row, problems in self._get_problems().items()
            for text in problems
        ]
        if texts:
            raise UserError(self.env._("This can't be done:\n%s", "\n".join(texts)))

    def _get_problems(self):
        """Return what is wrong with each row, for people: ``{row: [text]}``.

        Where the goods are is read once for all rows. What a kind asks for comes from
        its ``_get_<kind>_problems``, one row at a time.
        """
        problems = {
            row: [self.env._("choose what becomes of the goods.")]
            for row in self.filtered(lambda row: not row.kind)
        }
        chosen = self.filtered("kind")
        stock, refusing = chosen._get_stock(), chosen._get_refusing()
        for row in chosen:
            problems[row] = [
                *row._get_quantity_problems(),
                *row._get_reason_problems(),
                *refusing[row],
                *getattr(row, f"_get_{row.kind}_problems")(stock[row]),
            ]
        return problems

    # -- The goods ---------------------------------------------------------------------

    def _get_quantity_problems(self):
        unit, there = self.uom_id, self.stock_quantity
        if unit.compare(there, 0) <= 0:
            return [self.env._("nothing is left to decide about.")]
        if unit.compare(self.quantity, there) > 0:
            return [
                self.env._(
                    "only %(there)s %(unit)s are left to decide about.",
                    there=format_quantity(self.env, there),
                    unit=unit.name,
                )
            ]
        if self.tracking == "serial" and self.quantity not in (0, 1):
            return [self.env._("a serial number can't be parted.")]
        return []

    def _get_reason_problems(self):
        if (self.reason or "").strip():
            return []
        return [self.env._("say why.")]

    def _is_part(self):
        """Tell whether other goods of the lot stay in the warehouse."""
        there = sum(self._get_stock()[self].mapped("quantity"))
        return self.uom_id.compare(there, self._get_decided_quantity()) > 0

    def _get_free_problems(self, quants):
        """Return what others have reserved of goods that have to be free, as texts."""
        moves = self._get_quarantine_moves()
        own = sum(moves.move_line_ids.mapped("quantity_product_uom"))
        free = sum(quants._qms_get_free().values()) + own
        if self.uom_id.compare(free, self._get_decided_quantity()) >= 0:
            return []
        lines = quants.env["stock.move.line"].search(
            Domain("lot_id", "=", self.lot_id.id)
            & Domain("location_id", "in", quants.location_id.ids)
            & Domain("state", "in", ("partially_available", "assigned"))
        )
        documents = (lines.move_id - moves)._qms_get_document_names()
        return [
            self.env._(
                "only %(free)s %(unit)s are free: %(documents)s reserved the rest."
                " Unreserve it there first.",
                free=format_quantity(self.env, free),
                unit=self.uom_id.name,
                documents=format_list(self.env, documents)
                or self.env._("something else"),
            )
        ]

    def _get_expired_problems(self):
        """Return that goods have expired, for what only good ones are for."""
        # sudo: the calendar is the warehouse's, whoever may read it
        if self.sudo().days_left >= 0:
            return []
        return [
            self.env._(
                "they have expired on %s. Destroy them, return them, or have them"
                " tested again.",
                format_date(self.env, self.expiry_day),
            )
        ]

    # -- The gate ----------------------------------------------------------------------

    def _get_refusing(self):
        """Return what else holds the goods of each row: ``{row: [text]}``.

        The holds by decisions are passed or end; those of other documents stay.
        """
        stock, asked = self._get_stock(), {}
        for row in self:
            types = row._get_asked_types()
            if types:
                asked.setdefault((types, row.partner_id), []).append(row)
        texts = dict.fromkeys(self, ())
        for (types, partner), rows in asked.items():
            goods = [(row, one) for row in rows for one in stock[row]._qms_get_goods()]
            answers = self.env["qms.hold"]._qms_gate_reasons(
                [one for _row, one in goods], types, partner=partner or None
            )
            found = {row: {} for row in rows}
            for (row, _one), reasons in zip(goods, answers, strict=True):
                found[row].update(dict.fromkeys(row._get_refusing_texts(reasons)))
            texts.update({row: list(some) for row, some in found.items()})
        return texts

    def _get_refusing_texts(self, reasons):
        return [
            self.env._("other holds are in the way: %s", reason.hold._get_reason_text())
            for reason in reasons
            if reason.policy == "block"
            and reason.hold
            and reason.hold.res_model != self._name
        ]

    def _get_asked_types(self):
        """Return what the gate is asked for: transaction types of the kind."""
        return {
            "special_sale": ("delivery",),
            "donate": ("delivery",),
            "destroy": ("scrap",),
            "return": ("vendor_return",),
        }.get(self.kind, ())
