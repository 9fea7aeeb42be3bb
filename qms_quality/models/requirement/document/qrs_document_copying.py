from collections import defaultdict

from markupsafe import Markup

from odoo import Command, api, models

from ...sentinel import trusted
from .qrs_document_derive import DEMANDED


class QmsQrsDocumentLine(models.Model):
    """What a copy takes from the line of a card, or from another copy."""

    _inherit = "qms.qrs.document.line"

    @api.model
    def _make(self, origins, demands):
        """Make the copies of ``origins``: ``{order line: what to copy}``."""
        criteria = self._get_criteria(origins.values())
        # sudo: an order's copies are made whoever writes the order
        trusted(self.sudo()).create(
            [
                {
                    "res_model": line._name,
                    "res_id": line.id,
                    **self._prepare_demand_values(line, demands[line]),
                    **self._prepare_content(origin),
                    "criterion_ids": [
                        Command.create(values) for values in criteria[origin]
                    ],
                }
                for line, origin in origins.items()
            ]
        )

    @api.model
    def _replace(self, origins):
        """Give copies another content: ``{copy: what to copy}``."""
        copies = trusted(self.sudo()).browse().union(*origins)
        # what was ignored was something else
        copies._heed()
        copies.criterion_ids.unlink()
        criteria = self._get_criteria(origins.values())
        alike = defaultdict(list)
        for copy, origin in origins.items():
            alike[origin].append(copy.id)
        for origin, ids in alike.items():
            copies.browse(ids).write(self._prepare_content(origin))
        copies.criterion_ids.create(
            [
                {**values, "line_id": copy.id}
                for copy, origin in origins.items()
                for values in criteria[origin]
            ]
        )

    @api.model
    def _prepare_demand_values(self, line, demand):
        """Return what the copy keeps of the order line."""
        return {
            "document_name": line._qms_get_required_order().name,
            "type": demand.type,
            "company_id": demand.company.id,
            **{
                name: value if name == "date" else value.id
                for name in DEMANDED
                for value in [self._of(demand, name)]
            },
        }

    @api.model
    def _prepare_content(self, origin):
        """Return what a copy takes beside the criteria."""
        if origin._name == self._name:
            return {
                "notice": False,
                "qrs_id": origin.qrs_id.id,
                "qrs_line_id": origin.qrs_line_id.id,
                "blanket_line_id": origin.id,
                "instructions": origin.instructions,
            }
        texts = [origin.instructions, origin.qrs_id.note]
        return {
            "notice": False,
            "qrs_id": origin.qrs_id.id,
            "qrs_line_id": origin.id,
            "blanket_line_id": False,
            "instructions": Markup("").join(text for text in texts if text) or False,
        }

    @api.model
    def _get_criteria(self, origins):
        """Return ``{what to copy: [values of a criterion]}``, each read once."""
        names = self.env["qms.criterion.mixin"]._fields.keys()
        by_model = {}
        for origin in origins:
            by_model[origin._name] = by_model.get(origin._name, origin) | origin
        return {
            origin: [
                {name: values[name] for name in values.keys() & names}
                for values in origin.criterion_ids.copy_data()
            ]
            for together in by_model.values()
            for origin in together
        }

    def _hand_to(self, line):
        """Give another order line of the same kind these requirements, as they are."""
        self.ensure_one()
        values = {
            **self.copy_data()[0],
            "res_model": line._name,
            "res_id": line.id,
            "document_name": line._qms_get_required_order().name,
            "manually_updated": self.manually_updated,
        }
        self._forget(line)
        trusted(self.sudo()).create([values])
