from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..test_kinds import DEFECT_CLASSES


class QmsTest(models.Model):
    """What the types of tests need besides a name."""

    _inherit = "qms.test"

    whole_number = fields.Boolean(
        string="Whole Numbers", help="Readings are integers, such as a count of germs."
    )
    variable_id = fields.Many2one(
        "qms.test.variable",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The outcomes to choose from.",
    )
    outcome_ids = fields.One2many(related="variable_id.outcome_ids")
    defect_class = fields.Selection(
        DEFECT_CLASSES, help="How bad the defects are that this test counts."
    )

    @api.onchange("test_type")
    def _onchange_test_type(self):
        res = super()._onchange_test_type()
        for name, kind in self._get_kind_fields().items():
            if self.test_type != kind:
                self[name] = False
        if self.test_type == "attribute":
            self.defect_class = self.defect_class or "major"
            self.decimals = 0
        return res

    @api.onchange("whole_number")
    def _onchange_whole_number(self):
        if self.whole_number:
            self.decimals = 0

    @api.model
    def _get_kind_fields(self):
        """Return the fields that one type of tests needs, and which."""
        return {
            "variable_id": "qualitative",
            "defect_class": "attribute",
            "formula": "calculated",
        }

    @api.constrains("test_type", "variable_id", "defect_class", "formula")
    def _check_kind(self):
        for test in self:
            for name, kind in self._get_kind_fields().items():
                if test.test_type == kind and not test[name]:
                    raise ValidationError(
                        self.env._(
                            "%(test)s: a test of this type needs its %(field)s.",
                            test=test.display_name,
                            field=self._fields[name]._description_string(self.env),
                        )
                    )

    def write(self, vals):
        self._check_specified(
            {"variable_id", "formula", "defect_class", "whole_number"} & vals.keys(),
            vals,
        )
        return super().write(vals)

    def _check_specified(self, names, vals):
        """Refuse to change what versions of test groups say that are in force.

        :raise UserError: names the tests
        """
        if not names:
            return
        # sudo: a test group of another company counts as well
        lines = self.sudo().group_line_ids.filtered(
            lambda line: line.group_id.state != "draft"
        )
        for test in lines.test_id:
            new = test.new({name: vals[name] for name in names}, origin=test)
            if any(new[name] != test[name] for name in names - {"variable_id"}) or (
                "variable_id" in names and new.variable_id._origin != test.variable_id
            ):
                raise UserError(
                    self.env._(
                        "%(test)s is part of test groups in force, so what it reads"
                        " can't be changed: %(groups)s. Make another test, and new"
                        " versions of the groups.",
                        test=test.display_name,
                        groups=", ".join(test.group_line_ids.group_id.mapped("name")),
                    )
                )
