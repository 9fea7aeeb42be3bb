from odoo import api, models, tools


class QmsQrsDocumentLine(models.Model):
    """Whether any order has requirements is asked at every posting."""

    _inherit = "qms.qrs.document.line"

    @api.model_create_multi
    def create(self, vals_list):
        models_ = {vals.get("res_model") for vals in vals_list}
        is_first = not all(self._qms_has_copies(model) for model in models_)
        copies = super().create(vals_list)
        if is_first:
            self.env.registry.clear_cache()
            # again, for whoever asked before the first copy could be seen
            self.env.cr.postcommit.add(self.env.registry.clear_cache)
        return copies

    @api.model
    @tools.ormcache("model")
    def _qms_has_copies(self, model=False):
        """Tell whether any order has requirements. They outlive their cards.

        :param str model: of order lines; any if empty
        """
        domain = [("res_model", "=", model)] if model else []
        # sudo: the cache is the same for all users
        return bool(self.sudo().search_count(domain, limit=1))

    @api.model
    def _qms_get_by_line(self, keys):
        """Return the copies of order lines.

        :param keys: of ``(model, id)``
        :return: ``{(model, id): copy}`` of those that have one, in one query
        """
        keys = [key for key in keys if self._qms_has_copies(key[0])]
        if not keys:
            return {}
        models_ = sorted({model for model, _id in keys})
        ids = sorted({id_ for _model, id_ in keys})
        # sudo: who moves goods need not be allowed to read what they must meet
        copies = self.sudo().search(
            [("res_model", "in", models_), ("res_id", "in", ids)]
        )
        found = {(copy.res_model, copy.res_id): copy for copy in copies}
        return {key: found[key] for key in keys if key in found}
