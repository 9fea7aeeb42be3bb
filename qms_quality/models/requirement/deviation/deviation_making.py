from odoo import api, models

from ...sentinel import trusted, untrusted


class QmsDeviation(models.Model):
    """How deviations are recorded."""

    _inherit = "qms.deviation"

    @api.model
    def _qms_record(self, vals_list):
        """Record departures, each once.

        One that was asked about before its goods were posted is tied to the posting
        instead. Two queries to look, then one insert, however many.

        :param list vals_list: values of deviations; with ``criterion_id``, ``lot_id``
            and ``move_line_id`` where the check found them
        :return: the deviations of all of them
        """
        if not vals_list:
            return self.browse()
        # sudo: who posts goods records what departs by doing so, whatever his rights
        model = trusted(self.sudo()).with_context(
            mail_create_nolog=True, mail_create_nosubscribe=True, tracking_disable=True
        )
        known = model._find_recorded(vals_list)
        model._tie_to_postings(known, vals_list)
        new = [vals for vals in vals_list if model._get_key(vals) not in known]
        names = self.env["ir.sequence"]._qms_draw("qms.deviation", len(new))
        made = model.create(
            [{**vals, "name": name} for vals, name in zip(new, names, strict=True)]
        )
        found = made.union(*known.values())
        return untrusted(found.with_env(self.env))

    @api.model
    def _get_key(self, vals):
        """Return what makes a departure the same one, None for those by hand."""
        criterion = vals.get("criterion_id")
        return criterion and (criterion, vals.get("lot_id") or False)

    @api.model
    def _find_recorded(self, vals_list):
        """Return ``{key: deviation}`` of departures that are known for these postings.

        Those of the same line, and those that still wait for one.
        """
        keys = {key for vals in vals_list if (key := self._get_key(vals))}
        lines = [vals.get("move_line_id") for vals in vals_list]
        found = self.search(
            [
                ("criterion_id", "in", [criterion for criterion, _lot in keys]),
                ("lot_id", "in", [lot for _criterion, lot in keys]),
                ("move_line_id", "in", [False, *filter(None, lines)]),
                ("state", "!=", "rejected"),
            ],
            order="id",
        )
        by_key = {(one.criterion_id.id, one.lot_id.id): one for one in found}
        return {key: one for key, one in by_key.items() if key in keys}

    @api.model
    def _tie_to_postings(self, known, vals_list):
        """Give deviations that waited for their posting the line that was posted."""
        for vals in vals_list:
            deviation = known.get(self._get_key(vals))
            if deviation and vals.get("move_line_id") and not deviation.move_line_id:
                deviation.write(
                    {
                        "move_line_id": vals["move_line_id"],
                        "quantity": vals["quantity"],
                        "found": vals["found"],
                    }
                )
