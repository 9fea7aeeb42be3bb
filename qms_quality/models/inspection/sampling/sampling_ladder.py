from odoo import api, fields, models
from odoo.exceptions import ValidationError


class QmsSamplingLadder(models.Model):
    """Levels of sampling that a supplier climbs by passing, and falls from by failing.

    Each product and partner stands on a level of its own, and begins on the first.
    """

    _name = "qms.sampling.ladder"
    _description = "Flexible Sampling Plan"
    _inherit = ["mail.thread", "qms.audit.mixin"]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        index=True,
        default=lambda self: self.env.company,
        help="Empty: usable in all companies.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Tell",
        ondelete="set null",
        check_company=True,
        domain=[("share", "=", False)],
        help="Gets an activity when somebody falls from a level.",
    )
    level_ids = fields.One2many(
        "qms.sampling.ladder.level", "ladder_id", string="Levels", copy=True
    )
    position_ids = fields.One2many("qms.sampling.ladder.position", "ladder_id")
    position_count = fields.Integer(compute="_compute_position_count")

    def _compute_position_count(self):
        counts = dict(
            self.env["qms.sampling.ladder.position"]._read_group(
                [("ladder_id", "in", self.ids)], ["ladder_id"], ["__count"]
            )
        )
        for ladder in self:
            ladder.position_count = counts.get(ladder._origin, 0)

    # the name: a ladder without levels says nothing about them
    @api.constrains("level_ids", "name")
    def _check_levels(self):
        for ladder in self:
            if not ladder.level_ids:
                raise ValidationError(
                    self.env._("%s: it needs at least one level.", ladder.name)
                )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        if "name" in (default or {}):
            return vals_list
        return [
            dict(vals, name=self.env._("%s (copy)", ladder.name))
            for ladder, vals in zip(self, vals_list, strict=True)
        ]

    def action_open_positions(self):
        """Open where each product and partner stands."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "qms_quality.action_qms_sampling_ladder_position"
        )
        return dict(action, domain=[("ladder_id", "in", self.ids)])

    # -- Where everybody stands --------------------------------------------------------

    @api.model
    def _get_levels(self, matches):
        """Return the present levels for goods that arrive.

        :param list matches: pairs of :class:`Arrival` and the rule
        :return: ``{(rule, product id, partner id, company id): level}``
        """
        keys = {
            (rule, *arrival.get_partner_key())
            for arrival, rule in matches
            if rule.sampling_ladder_id.is_approved
        }
        if not keys:
            return {}
        positions = self._get_positions(
            {(rule.sampling_ladder_id.id, *key) for rule, *key in keys}
        )
        return {
            (rule, *key): positions[rule.sampling_ladder_id.id, *key]._get_level()
            for rule, *key in keys
        }

    @api.model
    def _get_positions(self, keys):
        """Return where products of partners stand, ``{key: position}``, in sudo.

        :param keys: ids of ladder, product, partner and company
        """
        model = self.env["qms.sampling.ladder.position"]
        return model._ensure(keys, {"fail_count": 0})
