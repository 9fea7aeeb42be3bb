"""A step of a document that raises an event before any goods have moved."""

from typing import NamedTuple


class Step(NamedTuple):
    """One quality order's worth of goods that a step is about.

    ``values`` are the order's own values of the document, such as its ``move_id``;
    ``key`` tells the step from others, so that it makes each order once.
    """

    event: str
    product: object
    quantity: float
    partner: object
    places: object
    company: object
    picking_type: object
    operation: object
    lots: object
    key: tuple
    values: dict
