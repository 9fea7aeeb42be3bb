from odoo import api, fields, models
from odoo.exceptions import ValidationError


class QmsSamplingLadderLevel(models.Model):
    """A level of a flexible sampling plan: how to sample, when to climb and fall."""

    _name = "qms.sampling.ladder.level"
    _description = "Flexible Sampling Level"
    _inherit = ["qms.audit.mixin"]
    _qms_audit_whole = "ladder_id"
    _order = "ladder_id, sequence, id"
    _check_company_auto = True

    ladder_id = fields.Many2one(
        "qms.sampling.ladder", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="ladder_id.company_id", store=True, precompute=True
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    sampling_plan_id = fields.Many2one(
        "qms.sampling.plan",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    test_group_id = fields.Many2one(
        "qms.test.group",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain=[("state", "=", "active")],
        help="The tests on this level. Empty: those of the association.",
    )
    rounds = fields.Integer(
        string="Passes to Climb",
        default=5,
        help="So many lots must pass on this level; one that fails doesn't count. 0:"
        " nobody climbs from here.",
    )
    days = fields.Integer(
        string="Within Days", help="The passes must lie within so many days. 0: ever."
    )
    fails = fields.Integer(
        string="Fails to Fall",
        default=1,
        help="So many lots that fail end the stay on this level. 0: nobody falls.",
    )
    is_consecutive = fields.Boolean(
        string="In a Row", help="A lot that passes in between starts the count anew."
    )
    fall_by = fields.Integer(
        string="Fall by",
        default=1,
        help="How many levels down; below the first there is none.",
    )

    _count_check = models.Constraint(
        "CHECK(rounds >= 0 AND days >= 0 AND fails >= 0 AND fall_by >= 0)",
        "Passes, days, fails and levels can't be negative.",
    )

    @api.constrains("rounds", "ladder_id", "sequence")
    def _check_last(self):
        for ladder in self.ladder_id:
            last = ladder.level_ids.sorted()[-1:]
            stuck = ladder.level_ids.filtered(
                lambda level, last=last: level != last and not level.rounds
            )
            if stuck:
                raise ValidationError(
                    self.env._(
                        "%(ladder)s: nobody would climb from %(levels)s to the next"
                        " level. Say how many lots must pass.",
                        ladder=ladder.name,
                        levels=", ".join(stuck.mapped("name")),
                    )
                )

    # -- Approved levels stay as they are ----------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        levels = super().create(vals_list)
        levels.ladder_id._check_unapproved()
        return levels

    def write(self, vals):
        self.check_access("write")
        self.ladder_id._check_unapproved()
        res = super().write(vals)
        self.ladder_id._check_unapproved()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_unapproved(self):
        self.ladder_id._check_unapproved()

    # -- Up and down -------------------------------------------------------------------

    def _get_next(self):
        """Return the level above, empty for the last one."""
        self.ensure_one()
        levels = self.ladder_id.level_ids.sorted()
        place = levels.ids.index(self.id)
        return levels[place + 1 : place + 2]

    def _get_fallback(self):
        """Return the level that failing leads to."""
        self.ensure_one()
        levels = self.ladder_id.level_ids.sorted()
        return levels[max(0, levels.ids.index(self.id) - self.fall_by)]
