from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError

from ...number_text import format_quantity


class QmsDisposition(models.Model):
    """Why a disposition can't be carried out, all of it before anything is done."""

    _inherit = "qms.disposition"

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
            raise UserError(
                self.env._("This can't be done:\n%s", "\n".join(texts)),
            )

    def _get_problems(self):
        """Return what is wrong with each row, for people: ``{row: [text]}``.

        Where the goods are is read once for all rows. What a kind asks for comes from
        its ``_get_<kind>_problems``, one row at a time.
        """
        problems = {
            row: [self.env._("choose what is done with the goods.")]
            for row in self.filtered(lambda row: not row.kind)
        }
        chosen = self.filtered("kind")
        stock, claimed = chosen._get_stock(), chosen._get_claimed()
        refusing = chosen._get_refusing()
        for row, holds in chosen._get_case_holds().items():
            problems[row] = [
                *row._get_stock_problems(stock[row], claimed[row], holds),
                *refusing[row],
                *getattr(row, f"_get_{row.kind}_problems")(),
            ]
        for row, text in chosen._get_parting_problems().items():
            problems[row].append(text)
        return problems

    # -- The goods ---------------------------------------------------------------------

    def _get_stock_problems(self, quants, claimed, holds):
        """Return what is wrong with the quantity, and with who holds it.

        :param quants: ``stock.quant``, the goods that are there
        :param float claimed: how much of them is promised to other rows
        :param holds: the case's holds on them
        """
        unit = self.product_id.uom_id
        if not self.product_id or not self.location_id:
            return [self.env._("say which goods, and where they are.")]
        if unit.compare(self.quantity, 0) <= 0:
            return [self.env._("say how much.")]
        there = sum(quants.mapped("quantity"))
        if unit.compare(self.quantity, there) > 0:
            return [
                self.env._(
                    "only %(there)s %(unit)s are in %(place)s.",
                    there=format_quantity(self.env, there),
                    unit=unit.name,
                    place=self._get_place_name(),
                )
            ]
        if unit.compare(self.quantity + claimed, there) > 0:
            return [
                self.env._(
                    "%(there)s %(unit)s are in %(place)s, and other dispositions are"
                    " about %(claimed)s of them.",
                    there=format_quantity(self.env, there),
                    unit=unit.name,
                    place=self._get_place_name(),
                    claimed=format_quantity(self.env, claimed),
                )
            ]
        if not holds:
            return [
                self.env._("%s doesn't hold these goods.", self.nonconformance_id.name)
            ]
        return []

    def _get_place_name(self):
        row = self.sudo()
        parts = [row.location_id.display_name, row.package_id.name, row.owner_id.name]
        return " · ".join(part for part in parts if part)

    # -- The gate ----------------------------------------------------------------------

    def _get_refusing(self):
        """Return what else keeps the goods of each row: ``{row: [text]}``.

        The holds of the case itself end with what it decides, or are passed; those of
        other documents stay, and still refuse.
        """
        own, texts = self.nonconformance_id._get_open_holds(), defaultdict(list)
        asked = defaultdict(list)
        for row in self:
            types, partner = row._get_asked()
            if types:
                asked[types, partner].append(row)
        for (types, partner), rows in asked.items():
            answers = self.env["qms.hold"]._qms_gate_reasons(
                [row._get_goods() for row in rows], types, partner=partner
            )
            for row, reasons in zip(rows, answers, strict=True):
                texts[row] += [
                    row._get_refusing_text(reason)
                    for reason in reasons
                    if reason.policy == "block"
                    and not (reason.hold & own).filtered(
                        lambda hold, row=row: hold.res_id == row.nonconformance_id.id
                    )
                ]
        return texts

    def _get_asked(self):
        """Return what the gate is asked: transaction types, and partner or nobody."""
        self.ensure_one()
        row = self.sudo()
        place = row._get_place_dest()
        if not place or not row.location_id:
            return (), None
        types = row.location_id._qms_transaction_types(place, **row._get_flow())
        return types, row.partner_id or None

    def _get_place_dest(self):
        """Return where the goods go, empty where they stay. Each kind may say more."""
        getter = getattr(self, f"_get_{self.kind}_place", None)
        return getter() if getter else self.location_dest_id

    def _get_flow(self):
        """Return what else tells the gate what flow it is: scrap, or an adjustment."""
        return {}

    def _get_refusing_text(self, reason):
        return self.env._(
            "other holds are in the way: %s",
            reason.text or reason.hold._get_reason_text(),
        )
