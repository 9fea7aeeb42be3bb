from odoo import api, fields, models
from odoo.tools import ormcache


class QmsQualityTeam(models.Model):
    """Who inspects what: people, their responsible, and where to write to them.

    A mail to the team's address makes a quality order by hand.
    """

    _name = "qms.quality.team"
    _description = "Quality Team"
    _inherit = [
        "qms.cached.mixin",
        "mail.alias.mixin.optional",
        "mail.thread",
        "qms.audit.mixin",
    ]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(
        default=10, help="Of teams that take care of the same goods the first is asked."
    )
    active = fields.Boolean(default=True)
    color = fields.Integer()
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        domain=[("share", "=", False)],
        help="Told about what the team is asked for, and about late orders that are"
        " nobody's.",
    )
    member_ids = fields.Many2many(
        "res.users",
        "qms_quality_team_member_rel",
        "team_id",
        "user_id",
        string="Members",
        check_company=True,
        domain=[("share", "=", False)],
    )
    categ_ids = fields.Many2many(
        "product.category",
        "qms_quality_team_categ_rel",
        "team_id",
        "categ_id",
        string="Product Categories",
        ondelete="restrict",
        help="Orders for these, and for the categories inside them, are the team's"
        " where the rule names no team. Empty: all.",
    )
    alias_id = fields.Many2one(
        help="A mail to this address makes a quality order or a complaint."
    )
    alias_contact = fields.Selection(
        related="alias_id.alias_contact", string="Accept Mails from", readonly=False
    )
    company_id = fields.Many2one(
        "res.company",
        index=True,
        default=lambda self: self.env.company,
        help="Empty: all companies.",
    )

    @api.model
    def _is_cached(self, names):
        return bool({"active", "sequence", "categ_ids", "company_id"} & set(names))

    def _alias_get_creation_values(self):
        values = super()._alias_get_creation_values()
        values["alias_model_id"] = self.env["ir.model"]._get_id("qms.quality.order")
        if self.id:
            values["alias_defaults"] = repr({"team_id": self.id})
        return values

    # -- Whose order is it -------------------------------------------------------------

    @api.model
    @ormcache()
    def _get_choices(self):
        """Return the teams in their order: id, company and categories of each."""
        # sudo: who makes orders need not be allowed to read the teams
        # the answer is kept for all, whatever this caller's context shows
        teams = self.sudo().with_context(active_test=True).search([])
        return tuple(
            (team.id, team.company_id.id, frozenset(team.categ_ids.ids))
            for team in teams
        )

    @api.model
    def _find(self, company, product):
        """Return the team that takes care of goods, or an empty one.

        One that names the product's category goes before one that takes everything.

        :param company: ``res.company``
        :param product: ``product.product``, empty if there is none
        """
        path = product.sudo().categ_id.parent_path or ""
        inside = {int(part) for part in path.split("/") if part}
        fitting = [
            (not categories, position, team_id)
            for position, (team_id, owner, categories) in enumerate(self._get_choices())
            if owner in (False, company.id) and (not categories or categories & inside)
        ]
        return self.browse(min(fitting)[2] if fitting else False)

    def _has_member(self, user):
        """Tell whether ``user`` belongs to this team."""
        self.ensure_one()
        return user in self.member_ids | self.user_id
