"""What a list shows when an action opens it, as the client works it out."""

from lxml import etree

from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval


def get_start_domain(records, action):
    """Return the domain that a list begins with: the action's and its filters'.

    :param records: of the model of the list, as the user who opens it
    :param dict action: as the client gets it
    """
    names = {"uid": records.env.uid}
    context, domain = action["context"], action.get("domain") or []
    if isinstance(context, str):
        context = safe_eval(context, names)
    if isinstance(domain, str):
        domain = safe_eval(domain, names)
    return Domain(domain) & Domain.AND(_get_filter_domains(records, context, names))


def _get_filter_domains(records, context, names):
    """Yield the domains of the filters that are set; of neighbours any will do."""
    arch = etree.fromstring(records.get_view(view_type="search")["arch"])
    choices = []
    for node in arch.iterchildren("filter", "separator", "field"):
        value = context.get(f"search_default_{node.get('name')}")
        if node.tag == "separator":
            yield Domain.OR(choices) if choices else Domain.TRUE
            choices = []
        elif value and node.tag == "field":
            yield Domain(node.get("name"), "=", value)
        elif value:
            choices.append(Domain(safe_eval(node.get("domain"), names)))
    yield Domain.OR(choices) if choices else Domain.TRUE
