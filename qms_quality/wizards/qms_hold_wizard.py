from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

PLACE_GROUP = "qms_quality.group_quality_inspector"


class QmsHoldWizard(models.TransientModel):
    """The one dialog in which people place and release holds."""

    _name = "qms.hold.wizard"
    _description = "Place or Release Holds"

    mode = fields.Selection(
        [("place", "Place"), ("release", "Release")],
        required=True,
        readonly=True,
        default="place",
    )
    line_ids = fields.One2many("qms.hold.wizard.line", "wizard_id", string="Goods")
    scope = fields.Selection(
        [
            ("goods", "These goods, where they are"),
            ("lot", "The whole lot, wherever it is"),
        ],
        string="What to Hold",
        required=True,
        default="goods",
    )
    status_id = fields.Many2one(
        "qms.inspection.status",
        string="New Status",
        default=lambda self: self.env.ref(
            "qms_quality.status_on_hold", raise_if_not_found=False
        ),
    )
    status_description = fields.Text(related="status_id.description")
    reason_id = fields.Many2one("qms.hold.reason", domain="[('usage', '=', mode)]")
    comment = fields.Text()
    picking_id = fields.Many2one(
        "stock.picking", string="Because of Transfer", readonly=True
    )
    can_choose_scope = fields.Boolean(compute="_compute_shown")
    has_lot = fields.Boolean(compute="_compute_shown")
    has_place = fields.Boolean(compute="_compute_shown")
    has_package = fields.Boolean(compute="_compute_shown")
    whole_place = fields.Boolean(compute="_compute_shown")

    @api.depends("mode", "scope", "line_ids.product_id")
    def _compute_shown(self):
        for wizard in self:
            lines = wizard.line_ids
            goods = [line._get_goods() for line in lines]
            placing = wizard.mode == "place"
            wizard.can_choose_scope = placing and any(
                line.lot_id and (line.location_id or line.package_id) for line in lines
            )
            wizard.has_lot = any(one.lot for one in goods)
            wizard.has_place = any(one.location for one in goods)
            wizard.has_package = any(one.package for one in goods)
            wizard.whole_place = placing and any(
                not one.lot and not one.package for one in goods
            )

    # -- Opening -----------------------------------------------------------------------

    @api.model
    def _open_place(self, goods, picking):
        """Return the action that asks how to hold ``goods``.

        :param list goods: of :class:`Goods`
        :param picking: ``stock.picking`` that the holds come from, or empty
        """
        lines = [
            {
                "product_id": one.product.id,
                "lot_id": one.lot.id,
                "location_id": one.location.id,
                "package_id": one.package.id,
            }
            for one in goods
        ]
        return self._open(
            self.env._("Hold"),
            {"mode": "place", "picking_id": picking.id},
            lines,
        )

    @api.model
    def _open_release(self, holds):
        """Return the action that asks why ``holds`` are released.

        :param holds: ``qms.hold``; one that travelled stands for the one it came from
        """
        lines = [
            {
                "hold_id": hold.id,
                "product_id": hold.product_id.id,
                "lot_id": hold.lot_id.id,
                "location_id": hold.location_id.id,
                "package_id": hold.package_id.id,
            }
            for hold in holds._get_roots()
            if hold.state == "open"
        ]
        if not lines:
            raise UserError(self.env._("These holds are released already."))
        return self._open(self.env._("Release"), {"mode": "release"}, lines)

    def _open(self, title, vals, lines):
        line_ids = [fields.Command.create(line) for line in lines]
        wizard = self.create(dict(vals, line_ids=line_ids))
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    # -- Placing -----------------------------------------------------------------------

    def action_place(self):
        """Place the holds.

        :raise AccessError: if the user may not place holds, or may not see the goods
        :raise UserError: if something is missing
        """
        self.ensure_one()
        self._check_place()
        self._check_complete("place")
        self.env["qms.hold"]._place(self._prepare_holds(), exact=True)
        return {"type": "ir.actions.act_window_close"}

    @api.model
    def _check_place(self):
        """Refuse unless the user may place holds."""
        # the user's own groups: sudo is no right to hold
        if not self.env.user.has_group(PLACE_GROUP):
            raise AccessError(
                self.env._(
                    "You may not place holds. Ask someone of the group %(group)s.",
                    group=self.env.ref(PLACE_GROUP).sudo().full_name,
                )
            )

    def _check_complete(self, mode):
        if self.mode != mode or not self.line_ids:
            raise UserError(self.env._("There is nothing to do: no goods are left."))
        if self.reason_id.usage != mode:
            raise UserError(self.env._("Choose a reason from the list."))
        if mode == "place" and not self.status_id._restricts():
            raise UserError(
                self.env._(
                    "Choose a status that restricts something. To make goods available,"
                    " release their holds."
                )
            )
        self.picking_id.check_access("read")
        self.line_ids._check_readable()

    def _prepare_holds(self):
        """Return the values of one hold for each of the goods, none twice."""
        holds = {}
        for line in self.line_ids:
            scope = line._prepare_scope()
            holds.setdefault(tuple(scope.values()), self._prepare_hold(scope))
        return list(holds.values())

    def _prepare_hold(self, scope):
        return dict(
            scope,
            status_id=self.status_id.id,
            reason=self.reason_id.name,
            comment=self.comment,
            res_model=self.picking_id._name if self.picking_id else False,
            res_id=self.picking_id.id,
        )

    # -- Releasing ---------------------------------------------------------------------

    def action_release(self):
        """Release the holds.

        :raise AccessError: if the user may not release one of them
        :raise UserError: if something is missing
        """
        self.ensure_one()
        self._check_complete("release")
        todo = self.line_ids.hold_id._get_roots()._qms_guarded(
            "release", reason=self.reason_id.name, comment=self.comment
        )
        return todo or {"type": "ir.actions.act_window_close"}
