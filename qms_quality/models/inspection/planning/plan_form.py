from lxml.builder import E

from odoo import api, models


class QmsQualityPlan(models.Model):
    """The form of a plan says what each option does, and what stays as it is."""

    _inherit = "qms.quality.plan"

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "form":
            self._fix_fields(arch)
            explained = set(self._get_option_fields()) - set(self._get_cell_fields())
            for node in arch.xpath("//group//field"):
                if node.get("name") in explained and node.get("nolabel") != "1":
                    self._explain(node)
        return arch, view

    def _fix_fields(self, arch):
        """Let nobody change what would be refused."""
        ruled = self._get_ruled_fields()
        for node in arch.xpath("//sheet//field[not(ancestor::field)]"):
            if node.get("name") in ruled:
                rule = node.get("readonly")
                node.set("readonly", f"is_fixed or ({rule})" if rule else "is_fixed")

    def _explain(self, node):
        """Show what an option does, in its sentence, below it."""
        text = self._fields[node.get("name")]._description_help(self.env)
        shown = {"class": "text-muted small mb-2", "colspan": "2"}
        if node.get("invisible"):
            shown["invisible"] = node.get("invisible")
        node.addnext(E.div(text or "", **shown))
