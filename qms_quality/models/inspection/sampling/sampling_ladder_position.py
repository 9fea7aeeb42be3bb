from datetime import timedelta

from odoo import api, fields, models

from ...sentinel import trusted


class QmsSamplingLadderPosition(models.Model):
    """On which level of a flexible sampling plan a product of a partner stands."""

    _name = "qms.sampling.ladder.position"
    _description = "Flexible Sampling Position"
    _inherit = ["mail.thread", "mail.activity.mixin", "qms.sampling.record"]
    _order = "ladder_id, product_id, id"
    _key = ("ladder_id", "product_id", "partner_id", "company_id")

    ladder_id = fields.Many2one(
        "qms.sampling.ladder", required=True, readonly=True, ondelete="restrict"
    )
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, ondelete="cascade"
    )
    partner_id = fields.Many2one("res.partner", readonly=True, ondelete="cascade")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    level_id = fields.Many2one(
        "qms.sampling.ladder.level", readonly=True, index=True, ondelete="restrict"
    )
    date_level = fields.Datetime(string="Since", readonly=True)
    passes = fields.Json(
        readonly=True, qms_audit=False, help="When lots passed on this level."
    )
    pass_count = fields.Integer(string="Passed", compute="_compute_pass_count")
    fail_count = fields.Integer(string="Failed", readonly=True)
    entry_ids = fields.One2many(
        "qms.sampling.ladder.entry", "position_id", string="History"
    )

    _key_uniq = models.UniqueIndex(
        "(ladder_id, product_id, COALESCE(partner_id, 0), company_id)"
    )

    @api.depends("passes", "level_id.days")
    def _compute_pass_count(self):
        for position in self:
            position.pass_count = len(position._get_passes())

    @api.depends("ladder_id", "product_id", "partner_id")
    def _compute_display_name(self):
        for position in self:
            names = (position.ladder_id.name, position.product_id.display_name)
            partner = position.partner_id.display_name
            position.display_name = " · ".join([*names, *filter(None, [partner])])

    def _get_level(self):
        """Return the present level; the first one for who begins."""
        self.ensure_one()
        return self.level_id or self.ladder_id.level_ids.sorted()[:1]

    def _get_passes(self):
        """Return when lots passed on this level, as far as the level looks back."""
        self.ensure_one()
        days = self._get_level().days
        passes = [fields.Datetime.to_datetime(text) for text in self.passes or []]
        if not days:
            return passes
        start = fields.Datetime.now() - timedelta(days=days)
        return [date for date in passes if date >= start]

    # -- Verdicts ----------------------------------------------------------------------

    def _record(self, order, passed):
        """Count a verdict, and climb or fall.

        A verdict on a lot that was sampled on another level is kept, and not counted.

        :param order: ``qms.quality.order``
        :param bool passed: its verdict
        """
        self.ensure_one()
        level = self._get_level()
        position = trusted(self)
        new = level
        if order.ladder_level_id == level:
            new = position._count(level, passed)
        position.env["qms.sampling.ladder.entry"].create(
            {
                "position_id": self.id,
                "order_id": order.id,
                "level_id": order.ladder_level_id.id,
                "verdict": "passed" if passed else "failed",
                "is_counted": order.ladder_level_id == level,
                "new_level_id": new.id,
            }
        )
        if new != level:
            position._move(level, new, passed)

    def _count(self, level, passed):
        """Return the level that follows from one more verdict."""
        now = fields.Datetime.to_string(fields.Datetime.now())
        if passed:
            vals = {"passes": [*(self.passes or []), now]}
            if level.is_consecutive:
                vals["fail_count"] = 0
            self.write(vals)
            reached = level.rounds and len(self._get_passes()) >= level.rounds
            return (reached and level._get_next()) or level
        self.fail_count += 1
        fallen = level.fails and self.fail_count >= level.fails
        if fallen and level._get_fallback() == level:
            self.fail_count = 0
        return level._get_fallback() if fallen else level

    def _move(self, level, new, climbed):
        self.write(
            {
                "level_id": new.id,
                "date_level": fields.Datetime.now(),
                "passes": [],
                "fail_count": 0,
            }
        )
        self._audit(
            "climb" if climbed else "fall", {"level_id": (level.name, new.name)}
        )
        self._message_log(
            body=self.env._("%(old)s → %(new)s", old=level.name, new=new.name)
        )
        # the level first: an activity needs the position as it is now
        if not climbed and self.ladder_id.user_id:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=self.ladder_id.user_id.id,
                summary=self.env._("Fell to %s", new.name),
            )
