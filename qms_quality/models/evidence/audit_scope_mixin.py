from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain


class QmsAuditScopeMixin(models.AbstractModel):
    """Which entries somebody asks about: of records, of a period, or all."""

    _name = "qms.audit.scope.mixin"
    _description = "Part of the Audit Trail"

    scope = fields.Selection(
        [("records", "Records"), ("period", "Period"), ("all", "Everything")],
        string="What",
        required=True,
        default="all",
    )
    records = fields.Json(
        string="Chosen Records", readonly=True, help="Pairs of model and ID."
    )
    record_names = fields.Char(string="Records", readonly=True)
    date_from = fields.Datetime(string="From")
    date_to = fields.Datetime(string="Until")

    @api.model
    def default_get(self, fields_list):
        defaults = super().default_get(fields_list)
        records = self._get_context_records()
        if records:
            names = [name for _model, _id, name in records]
            shown = ", ".join(dict.fromkeys(name for name in names[:20] if name))
            defaults.update(
                scope="records",
                records=[record[:2] for record in records],
                record_names=shown + (" …" if len(names) > 20 else ""),
            )
        return defaults

    def _get_context_records(self):
        """Return ``[model, id, name]`` of the records that the user comes from."""
        model = self.env.context.get("active_model")
        ids = self.env.context.get("active_ids") or []
        if model not in self.env or not ids:
            return []
        entries = self.env["qms.audit.entry"]
        domain = [("id", "in", ids)]
        if model != entries._name:
            domain = [("res_model", "=", model), ("res_id", "in", ids)]
        groups = entries._read_group(
            domain, ["res_model", "res_id"], ["record_name:max"]
        )
        return [list(group) for group in groups]

    @api.constrains("scope", "date_from", "date_to", "records")
    def _check_scope(self):
        for record in self:
            if record.scope == "records" and not record.records:
                raise ValidationError(
                    self.env._("Open this from the entries of the records you mean.")
                )
            dates = record.date_from, record.date_to
            if record.scope == "period" and not all(dates):
                raise ValidationError(self.env._("Say from when until when."))
            if record.scope == "period" and dates[0] >= dates[1]:
                raise ValidationError(self.env._("The period ends before it begins."))

    def _get_entry_domain(self):
        """Return the domain of the entries that are asked about."""
        self.ensure_one()
        if self.scope == "period":
            return Domain("date", ">=", self.date_from) & Domain(
                "date", "<", self.date_to
            )
        if self.scope == "records":
            return self._get_records_domain(self.records)
        return Domain.TRUE

    @api.model
    def _get_records_domain(self, keys):
        by_model = {}
        for model, res_id in keys:
            by_model.setdefault(model, []).append(res_id)
        return Domain.OR(
            Domain("res_model", "=", model) & Domain("res_id", "in", ids)
            for model, ids in by_model.items()
        )

    def _check_some_entries(self):
        if not self.env["qms.audit.entry"].search_count(
            self._get_entry_domain(), limit=1
        ):
            raise UserError(self.env._("There are no entries in what you chose."))
