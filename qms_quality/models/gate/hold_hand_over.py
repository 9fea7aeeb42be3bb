from odoo import api, models
from odoo.fields import Domain


class QmsHold(models.Model):
    """Passing holds on from one document to another, with no moment in between."""

    _inherit = "qms.hold"

    def _hand_over(self, document, reason):
        """Let ``document`` hold what these open holds cover, instead of their own.

        The goods stay held, so no rule about releasing applies. The caller's action has
        checked the rights.

        :param document: the record that holds from now on
        :param str reason: why the present holds end
        :return: the holds of the document that took their place
        """
        return self._hand_over_each(dict.fromkeys(self, document), reason)

    @api.model
    def _hand_over_each(self, documents, reason):
        """Pass each hold on to a document of its own, all of them at once.

        :param dict documents: ``{hold: record}``
        :param str reason: why the present holds end
        :return: the holds that took their place
        """
        targets = {hold.id: document for hold, document in documents.items()}
        # sudo: who may act on the document need not be allowed to read the ledger
        roots = (
            self.sudo()
            .browse(targets)
            .filtered(lambda hold: hold.state == "open" and not hold.root_id)
        )
        if not roots:
            return self.browse()
        held = self._get_held_keys(targets.values())
        heirs = roots._place_for(targets, held, {})
        parts = roots.child_ids.filtered(lambda hold: hold.state == "open")
        # what travelled ends with what it came from, under the new document too
        parts._place_for(targets, held, heirs)
        roots._end_by_hand_over(reason)
        return self.browse().union(*heirs.values()).sudo(self.env.su)

    def _end_by_hand_over(self, reason):
        """Release these on account of their document, whatever rules say about
        releasing: the goods are held by another one, or gone.

        What was asked about releasing them is taken back.
        """
        self._qms_void_approvals(reason)
        self.env["qms.signature.request"]._close(self, "release")
        self._qms_do_release(reason)

    @api.model
    def _get_held_keys(self, documents):
        """Return the open holds of documents by document, goods and status, in sudo."""
        by_model = {}
        for document in documents:
            by_model.setdefault(document._name, set()).add(document.id)
        holds = self.sudo().search(
            Domain("state", "=", "open")
            & Domain.OR(
                Domain("res_model", "=", model) & Domain("res_id", "in", list(ids))
                for model, ids in by_model.items()
            )
        )
        return {hold._get_key((hold.res_model, hold.res_id)): hold for hold in holds}

    def _get_key(self, document):
        """Return what tells this hold from others of ``document``: goods and status."""
        self.ensure_one()
        goods = self._get_goods_key()
        return (*document, *goods, self.status_id.id)

    def _get_goods_key(self):
        """Return what this hold covers: ids of product, lot, place and package."""
        self.ensure_one()
        return (
            self.product_id.id,
            self.lot_id.id,
            self.location_id.id,
            self.package_id.id,
        )

    def _place_for(self, targets, held, heirs):
        """Place these holds anew, where the documents don't hold the same already.

        :param dict targets: the document of each hold, by the id of its root
        :param dict held: of :meth:`_get_held_keys`; what is placed is added
        :param dict heirs: what took the place of the roots
        :return: ``{hold: what took its place}``
        """
        keys, fresh = {}, {}
        for hold in self:
            document = targets[(hold.root_id or hold).id]
            keys[hold] = hold._get_key((document._name, document.id))
            if keys[hold] not in held:
                root = heirs.get(hold.root_id, self.browse())
                fresh[keys[hold]] = hold._prepare_heir(document, root)
        placed = self._place(list(fresh.values()), exact=True)
        held.update(zip(fresh, placed, strict=True))
        return {hold: held[key] for hold, key in keys.items()}

    def _prepare_heir(self, document, root):
        """Return the values of the same hold by ``document``."""
        self.ensure_one()
        return {
            **self._prepare_child_lot(self.lot_id),
            "res_model": document._name,
            "res_id": document.id,
            "root_id": (root.root_id or root).id,
        }
