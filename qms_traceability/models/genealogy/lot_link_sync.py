from math import isclose

from odoo import api, fields, models

from odoo.addons.qms_quality.models.turns import take_turns

# What tells one link of a document from another.
GOODS = (
    "res_id",
    "kind",
    "origin",
    "from_product_id",
    "from_lot_id",
    "to_product_id",
    "to_lot_id",
    "from_line_id",
)
AMOUNTS = ("quantity", "to_quantity")
# What an undoing row takes over.
KEPT = (
    *GOODS,
    "res_model",
    "reference",
    "uncertain",
    "company_id",
    "production_id",
    "workcenter_id",
    "to_line_id",
)


class QmsLotLink(models.Model):
    """What is written follows what is posted: the difference is added."""

    _inherit = "qms.lot.link"

    @api.model
    def _qms_sync(self, documents, wanted, past=False, new=()):
        """Write what is missing of documents' links, and undo what holds no more.

        What is written already stays as it is, so that doing this twice does nothing.

        :param documents: records of one model, whose links ``wanted`` are
        :param list wanted: values of links, without date and user
        :param bool past: whether the goods were posted before links were written; who
            did it and when, their lines tell then
        :param new: those of the documents that have only just made something, so that
            nothing can be written yet
        :return: ``qms.lot.link``, what was written
        """
        written = self._qms_get_written(documents.filtered(lambda one: one not in new))
        missing, stale = self._qms_compare(written, wanted)
        if (written or past) and (missing or stale):
            # two that correct one document must know of each other
            self._qms_lock(documents)
        now = {"date": fields.Datetime.now(), "user_id": self.env.uid}
        known = set(written.mapped("res_id"))
        values = [link._qms_prepare_undoing(now) for link in stale]
        values += [
            {
                **vals,
                **(self._qms_get_past(vals) if past else now),
                **(now if vals["res_id"] in known else {}),
            }
            for vals in missing
        ]
        return self._qms_link(values)

    @api.model
    def _qms_lock(self, documents):
        """Wait for whoever is linking the same documents, or run again after him."""
        take_turns(documents.sudo())

    @api.model
    def _qms_get_past(self, vals):
        """Return when goods were posted, and by whom."""
        line = self.env["stock.move.line"].sudo().browse(vals["to_line_id"])
        return {"date": line.date, "user_id": line.write_uid.id}

    @api.model
    def _qms_get_written(self, documents):
        """Return the links of these documents that hold."""
        if not documents:
            return self.sudo().browse()
        # sudo: whoever corrects an order need not be allowed to read its history
        links = self.sudo().search_fetch(
            [("res_id", "in", documents.ids), ("res_model", "=", documents._name)],
            [*KEPT, *AMOUNTS, "reverses_id"],
        )
        return links.filtered(lambda link: not link.reverses_id) - links.reverses_id

    @api.model
    def _qms_compare(self, written, wanted):
        """Return the values that are missing, and the links that hold no more."""
        known = {link._qms_get_key(): link for link in written}
        stale, missing = set(written), []
        for vals in wanted:
            link = known.get(tuple(vals.get(name) or False for name in GOODS))
            if link and link._qms_has_amounts(vals):
                stale.discard(link)
            else:
                missing.append(vals)
        return missing, written.filtered(lambda link: link in stale)

    def _qms_get_key(self):
        values = (self[name] for name in GOODS)
        return tuple(
            (value.id if isinstance(value, models.BaseModel) else value) or False
            for value in values
        )

    def _qms_has_amounts(self, vals):
        return all(
            isclose(self[name], vals[name], rel_tol=1e-9, abs_tol=1e-9)
            for name in AMOUNTS
        )

    def _qms_undo(self, **vals):
        """Undo these links by rows of their own.

        :param vals: what else the undoing rows say
        :return: ``qms.lot.link``, what was written
        """
        now = {"date": fields.Datetime.now(), "user_id": self.env.uid, **vals}
        return self._qms_link([link._qms_prepare_undoing(now) for link in self])

    def _qms_prepare_undoing(self, now):
        self.ensure_one()
        return {
            **self._convert_to_write({name: self[name] for name in KEPT}),
            "quantity": -self.quantity,
            "to_quantity": -self.to_quantity,
            "reverses_id": self.id,
            **now,
        }
