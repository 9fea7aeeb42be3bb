from odoo import api, fields, models

from ..models.settings.starting_point import COMPLIANCE, STARTING_POINTS


class QmsStartingPointCard(models.TransientModel):
    """A starting point, for whoever makes the rules: settings take an administrator."""

    _name = "qms.starting.point.card"
    _description = "Starting Point"
    _rec_name = "key"

    key = fields.Selection(
        [
            ("receiving", "Receiving Inspection"),
            ("food", "Food"),
            ("regulated", "Regulated"),
            ("dispositions", "Approval of Dispositions"),
            ("capas", "Approval of CAPAs"),
        ],
        string="Starting Point",
        required=True,
        readonly=True,
    )
    summary = fields.Char(compute="_compute_summary")
    content = fields.Text(string="Switches on", compute="_compute_content")
    missing = fields.Char(compute="_compute_state", compute_sudo=True)
    state = fields.Selection(
        [("off", "Off"), ("partly", "Partly On"), ("on", "Switched On")],
        compute="_compute_state",
        compute_sudo=True,
    )
    may_switch_on = fields.Boolean(compute="_compute_may_switch_on")
    who = fields.Char(string="Switched on by", compute="_compute_who")

    @api.model
    def action_open_all(self):
        """Open all starting points of the current company.

        :return: an action
        :raise AccessError: if the user neither manages quality nor compliance
        """
        self.check_access("read")
        # sudo: cards are only looked at
        cards = self.sudo().create([{"key": key} for key in STARTING_POINTS])
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "qms_quality.qms_starting_point_card_action"
        )
        return {**action, "domain": [("id", "in", cards.ids)]}

    @api.depends_context("lang")
    @api.depends("key")
    def _compute_summary(self):
        summaries = self._get_summaries()
        for card in self:
            card.summary = summaries.get(card.key)

    @api.model
    def _get_summaries(self):
        """Return what each starting point is for: ``{key: text}``."""
        return {
            "receiving": self.env._("What vendors bring waits for an inspection."),
            "food": self.env._("Receiving inspection, and what food needs besides."),
            "regulated": self.env._(
                "Receiving inspection, and no way into stock without a decision."
            ),
            "dispositions": self.env._(
                "Who agrees to what becomes of goods that failed."
            ),
            "capas": self.env._("Who agrees to the plan of a CAPA, and to its end."),
        }

    @api.depends_context("lang", "company")
    @api.depends("key")
    def _compute_content(self):
        # sudo: what a starting point makes is no secret
        points = self.env["qms.starting.point"].sudo()
        definitions = points._prepare_records()
        for card in self:
            keys = points._get_keys(card.key)
            labels = [points._get_label(key, definitions) for key in keys]
            card.content = "\n".join(dict.fromkeys(labels))

    @api.depends_context("lang", "company")
    @api.depends("key")
    def _compute_state(self):
        points = self.env["qms.starting.point"]
        for card in self:
            missing = points._get_missing(card.key)
            card.missing = ", ".join(missing)
            is_on = points._is_on(card.key)
            card.state = "on" if is_on else "partly" if missing else "off"

    @api.depends_context("uid")
    @api.depends("key")
    def _compute_may_switch_on(self):
        points = self.env["qms.starting.point"]
        for card in self:
            card.may_switch_on = points._may_switch_on(card.key)

    @api.depends_context("lang")
    @api.depends("key")
    def _compute_who(self):
        points = self.env["qms.starting.point"]
        for card in self:
            keys = set(points._get_keys(card.key))
            if keys <= COMPLIANCE:
                card.who = self.env._("A compliance officer switches this on.")
            elif keys.isdisjoint(COMPLIANCE):
                card.who = self.env._("A quality manager switches this on.")
            else:
                card.who = self.env._(
                    "A quality manager who is a compliance officer, too, switches"
                    " this on."
                )

    def action_switch_on(self):
        """Switch it on for the current company, or add what it lacks.

        :return: an action that says so
        :raise AccessError: if the user may not make its rules
        """
        self.ensure_one()
        labels = dict(self._fields["key"]._description_selection(self.env))
        points = self.env["qms.starting.point"]
        return points._switch_on_and_tell(self.key, labels[self.key])
