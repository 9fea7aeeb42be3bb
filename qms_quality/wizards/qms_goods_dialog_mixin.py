from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Command

INSPECTOR = "qms_quality.group_quality_inspector"
ASKERS = (
    INSPECTOR,
    "stock.group_stock_user",
    "mrp.group_mrp_user",
    "purchase.group_purchase_user",
    "sales_team.group_sale_salesman",
)


class QmsGoodsDialogMixin(models.AbstractModel):
    """A dialog in which whoever handles goods tells Quality something about them.

    He need not be allowed to make what comes of it; what is held is for inspectors to
    say. The model has ``line_ids``, its goods.
    """

    _name = "qms.goods.dialog.mixin"
    _description = "Dialog about Goods"

    picking_id = fields.Many2one(
        "stock.picking", string="Transfer", readonly=True, check_company=True
    )
    production_id = fields.Many2one(
        "mrp.production",
        string="Manufacturing Order",
        readonly=True,
        check_company=True,
    )
    partner_id = fields.Many2one("res.partner", check_company=True)
    team_id = fields.Many2one("qms.quality.team", check_company=True)
    hold_goods = fields.Boolean(default=lambda self: self._is_inspector())
    is_inspector = fields.Boolean(compute="_compute_is_inspector")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )

    @api.model
    def _is_inspector(self):
        # the user's own groups: sudo is no right to hold
        return self.env.user.has_group(INSPECTOR)

    def _compute_is_inspector(self):
        self.is_inspector = self._is_inspector()

    # -- For the dialog to say ---------------------------------------------------------

    @api.model
    def _get_title(self):
        """Return what the dialog is called."""
        return self._description

    @api.model
    def _get_refusal(self):
        """Return what those are told who don't handle goods."""
        return self.env._("Ask someone who works in Quality.")

    def _get_named(self):
        """Return the records that the user named, as a list of recordsets."""
        self.ensure_one()
        return [
            self.picking_id,
            self.production_id,
            self.partner_id,
            self.team_id,
            self.company_id,
        ]

    # -- Opening -----------------------------------------------------------------------

    @api.model
    def _open(self, lines, **values):
        """Return the dialog.

        :param list lines: values of its goods
        :param values: values of the dialog, such as its document
        :raise AccessError: if the user doesn't handle goods
        """
        self._check_asker()
        dialog = self.create(
            {**values, "line_ids": [Command.create(line) for line in lines]}
        )
        return {
            "type": "ir.actions.act_window",
            "name": self._get_title(),
            "res_model": self._name,
            "res_id": dialog.id,
            "views": [(False, "form")],
            "target": "new",
        }

    @api.model
    def _check_asker(self):
        """Refuse unless the user handles goods, or inspects them.

        :raise AccessError: says whom to ask
        """
        # the user's own groups: sudo is no right to ask
        if not self.env.user.has_groups(",".join(ASKERS)):
            raise AccessError(self._get_refusal())

    # -- Doing -------------------------------------------------------------------------

    def _check_readable(self):
        """Refuse what the user could not have chosen.

        :raise AccessError: names what he may not read
        """
        for records in self._get_named():
            # no rights are needed for what isn't named
            if records:
                records.sudo(False).check_access("read")

    def _show_made(self, records, title, message):
        """Return the action that ends the dialog: inspectors see what was made.

        :param records: what was made
        :param str title: what they are called
        :param str message: what others are told, before their names
        """
        if self._is_inspector():
            return records._get_records_action(name=title)
        # sudo: who told of it need not be allowed to read it
        names = ", ".join(records.sudo().mapped("name"))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": f"{message} {names}",
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
