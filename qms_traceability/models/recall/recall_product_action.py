from odoo import api, fields, models

from odoo.addons.qms_quality.models.evidence.content import ContentLine
from odoo.addons.qms_quality.models.sentinel import is_trusted, trusted

from .recall import COORDINATOR
from .recall_contain import HOLDING_STATES


class QmsRecallProduct(models.Model):
    """Whether goods without lots are recalled, too."""

    _inherit = "qms.recall.product"

    def write(self, vals):
        if not is_trusted(self.env) and "note" in vals:
            self.env.user._qms_check_group(COORDINATOR)
            self.recall_id._check_state(
                self.env["qms.recall"]._get_running_states(),
                self.env._("What was Done"),
            )
        return super().write(vals)

    def _check_decide(self, action):
        recalls = self.recall_id
        recalls._check_coordinator()
        recalls._check_real(action)
        recalls._check_state(recalls._get_running_states(), action)
        recalls._refuse(
            {
                recall: [
                    self.env._("%s is recalled already.", row.product_id.display_name)
                    for row in rows
                    if row.decision == "included"
                ]
                for recall, rows in self.grouped("recall_id").items()
            }
        )

    def action_include(self):
        """Recall goods without lots, too: hold them wherever they are, and take in the
        lots that were made of them. Before containment, Contain holds them.

        :raise AccessError: if the user is no recall coordinator
        :raise UserError: if a recall isn't running, or has them already
        """
        self._check_decide(self.env._("Recall, too"))
        self._decide("included")
        for recall in self.recall_id:
            recall._update()

    def action_leave_out(self, reason=None):
        """Note why goods without lots are not recalled.

        :param str reason: why; asked for in a dialog, if empty
        :return: the dialog, or nothing
        :raise AccessError: if the user is no recall coordinator
        :raise UserError: if they are recalled already, or there is no reason
        """
        self._check_decide(self.env._("Leave out"))
        if reason is None:
            return self.env["qms.recall.reason"]._open(self, "leave_out")
        self._decide("left_out", self.env["qms.recall"]._check_reason(reason))
        return None

    def _decide(self, decision, reason=False):
        # sudo: only actions write the rows
        trusted(self.sudo()).write(
            {
                "decision": decision,
                "reason": reason,
                "decided_by_id": self.env.uid,
                "date_decided": fields.Datetime.now(),
            }
        )
        for row in self:
            row.recall_id._audit(
                decision, reason=f"{row.product_id.display_name} {reason or ''}".strip()
            )


class QmsRecall(models.Model):
    """Goods without lots are held where they are, and are no reason to forget."""

    _inherit = "qms.recall"

    product_row_ids = fields.One2many(
        "qms.recall.product", "recall_id", string="Goods without Lots", readonly=True
    )
    undecided_count = fields.Integer(
        string="Goods to Decide", compute="_compute_undecided_count"
    )

    @api.depends("product_row_ids.decision")
    def _compute_undecided_count(self):
        for recall in self:
            rows = recall.product_row_ids
            recall.undecided_count = len(
                rows.filtered(lambda row: row.decision == "open")
            )

    def _contain(self):
        res = super()._contain()
        for recall in self:
            recall._hold_products()
        return res

    def _hold_products(self):
        """Hold recalled goods without lots wherever they are; once more, if affected
        goods went into them since."""
        if self.kind != "real" or self.state not in HOLDING_STATES:
            return
        # sudo: only actions write the rows
        rows = trusted(self.sudo()).product_row_ids.filtered(
            lambda row: (
                row.decision == "included"
                and (not row.date_held or row.date_held < row.date_last)
            )
        )
        if not rows:
            return
        held = self.env["qms.hold"]._search_open(self._name, self.ids).sudo()
        known = {(hold.product_id, hold.location_id) for hold in held}
        places = self._find_places(rows.product_id)
        common = self._prepare_hold()
        self.env["qms.hold"]._place(
            [
                {**common, "product_id": product.id, "location_id": place.id}
                for product, place in places
                if (product, place) not in known
            ]
        )
        rows.write({"date_held": fields.Datetime.now()})

    @api.model
    def _find_places(self, products):
        """Return ``(product, place)`` of all stock of products without lots."""
        # sudo: all there is counts, wherever it is
        groups = (
            self.env["stock.quant"]
            .sudo()
            ._read_group(
                self._get_lotless_domain(products), ["product_id", "location_id"]
            )
        )
        return [(product, place) for product, place in groups]

    def _get_closing_problems(self):
        problems = super()._get_closing_problems()
        if self.kind == "mock":
            return problems
        rows = self.product_row_ids
        return [
            *problems,
            *(
                self.env._(
                    "%s without lots: recall it, too, or leave it out and say why.",
                    row.product_id.display_name,
                )
                for row in rows.filtered(lambda row: row.decision == "open")
            ),
            *(
                row._get_gap_problem()
                for row in rows
                if row.answer_gap and not (row.note or "").strip()
            ),
        ]

    def _get_snapshot_content(self):
        rows = self.product_row_ids
        return {
            **super()._get_snapshot_content(),
            "goods_without_lots": [row._get_snapshot_content() for row in rows],
        }


class QmsRecallProductContent(models.Model):
    """What is frozen and signed of goods without lots."""

    _inherit = "qms.recall.product"

    def _get_signed_line(self):
        content = self._get_snapshot_content()
        labels = dict(self._fields["decision"]._description_selection(self.env))
        words = [labels[self.decision], self.reason, self.note]
        return ContentLine(
            "goods",
            self.product_id.display_name,
            [self.product_id.id, *content.values()],
            ", ".join(filter(None, words)),
        )

    def _get_snapshot_content(self):
        names = (
            "sources",
            "on_hand",
            "places",
            "shipped",
            "shipped_to",
            "answered",
            "decision",
        )
        return {
            "product": self.product_id.display_name,
            "since": fields.Datetime.to_string(self.date_from),
            "lots": self.lot_count,
            "reason": self.reason or "",
            "note": self.note or "",
            **{name: self[name] or "" for name in names},
        }
