from odoo import api, fields, models
from odoo.exceptions import ValidationError

CHANGE_RULES = [
    ("never", "Never"),
    ("no_result", "While there is no reading"),
    ("always", "Always"),
]
LEVELS = [("lot", "Lot"), ("location", "Lot and location")]
BASES = [
    ("last", "The last reading is there"),
    ("one", "At least one reading is there"),
    ("all", "All readings are there"),
]
ORDER_BASES = [
    ("all", "All specifications passed"),
    ("one_required", "One specification with a required test passed"),
    ("one", "One specification passed"),
]
FREQUENCIES = [
    ("inherit", "As the operation type says"),
    ("sequence", "Further readings on the same order"),
    ("separate", "An order of its own each time"),
]


class QmsQualityPlanOptions(models.AbstractModel):
    """What a quality plan can say. A plan has these fields, and so has its copy that
    quality orders keep."""

    _name = "qms.quality.plan.options"
    _description = "Options of a Quality Plan"

    # -- The request -------------------------------------------------------------------

    change_rule = fields.Selection(
        CHANGE_RULES,
        string="Change a Quality Order",
        required=True,
        default="no_result",
        help="When what a quality order asks for, such as its test groups, may still be"
        " changed; who does it and until when can always be changed.",
    )
    add_test_rule = fields.Selection(
        [("internal", "Internal tests only"), ("all", "All tests")],
        string="Add Tests",
        required=True,
        default="all",
        help="Which tests may be added to a quality order that was made already: those"
        " of your own laboratory only, or any.",
    )
    order_level = fields.Selection(
        LEVELS,
        string="One Order for Each",
        required=True,
        default="lot",
        help="A lot that arrives in two locations has one quality order, or one for"
        " each location.",
    )
    max_quantity = fields.Float(
        string="Maximum Quantity",
        digits="Product Unit",
        help="A larger arrival is split over as many quality orders as it takes; 0 is"
        " no limit. It counts for products that are managed in packages, with one order"
        " for each lot.",
    )
    max_uom_id = fields.Many2one(
        "uom.uom",
        string="Unit of the Maximum",
        ondelete="restrict",
        help="The unit that the maximum quantity is in.",
    )
    manual_state = fields.Selection(
        [("pending", "To do"), ("released", "In progress")],
        string="Orders by Hand Start as",
        required=True,
        default="pending",
        help="A quality order that a person makes waits to be started, or is started"
        " at once.",
    )
    pre_ship = fields.Boolean(
        string="Tested before Shipment",
        help="New quality orders by hand are tests just before shipment: the goods can"
        " be reserved meanwhile, and leave when they have passed.",
    )

    # -- From readings to verdicts -----------------------------------------------------

    basis = fields.Selection(
        BASES,
        string="A Test is Complete when",
        required=True,
        default="all",
        help="How many of the readings of a test have to be there before it can pass;"
        " a reading that fails always counts.",
    )
    spec_auto = fields.Boolean(
        string="Judge Specifications by the Table",
        default=True,
        help="Each specification gets its status from the table as soon as readings are"
        " recorded; otherwise an inspector sets it.",
    )
    order_auto = fields.Boolean(
        string="Validate Orders Automatically",
        help="A quality order is validated as soon as its verdict is certain; where a"
        " signature or an approval is needed, people are asked for it.",
    )
    order_basis = fields.Selection(
        ORDER_BASES,
        string="A Lot Passes when",
        required=True,
        default="all",
        help="Which specifications have to pass for the quality order, and so the lot,"
        " to pass; one that is on hold always stops it.",
    )
    lot_auto = fields.Boolean(
        string="Put Goods away Automatically",
        help="With the verdict the goods are moved out of the quality location;"
        " otherwise a person moves them.",
    )

    # -- Purchase, manufacturing, returns ----------------------------------------------

    frequency_purchase = fields.Selection(
        FREQUENCIES,
        string="Tests That Fall Due Again",
        required=True,
        default="inherit",
        help="Where tests recur within a receipt, they are further readings on the same"
        " quality order, or an order of their own.",
    )
    replace_purchase = fields.Selection(
        [
            ("last", "Its last quality order counts"),
            ("location", "It needs another location"),
        ],
        string="Lot Received Again",
        required=True,
        default="last",
        help="A second receipt of a lot with another status shares its last quality"
        " order, or has to go to another location until the statuses agree.",
    )
    frequency_production = fields.Selection(
        FREQUENCIES,
        string="Tests That Fall Due Again in Manufacturing",
        required=True,
        default="inherit",
        help="Where tests recur within a manufacturing order, they are further readings"
        " on the same quality order, or an order of their own.",
    )
    replace_production = fields.Selection(
        [
            ("last", "Its last quality order counts"),
            ("reclassify", "It has to be put under inspection first"),
            ("location", "It needs another location"),
        ],
        string="Lot Produced Again",
        required=True,
        default="last",
        help="Further output into a lot with another status shares its last quality"
        " order, waits until somebody has put the lot under inspection, or has to go to"
        " another location until the statuses agree.",
    )
    return_order = fields.Boolean(
        string="Inspect Customer Returns",
        help="Goods that a customer returns get a quality order.",
    )
    return_copy_new_lot = fields.Boolean(
        string="Copy to the New Lot Only",
        help="Where returned goods get another lot, that lot alone gets the copied"
        " quality order.",
    )

    # -- Inspecting again --------------------------------------------------------------

    again_auto = fields.Boolean(
        string="Inspect Lots Again Automatically",
        help="Quality orders for lots in stock are made when the timetable says so;"
        " otherwise people make them.",
    )
    again_level = fields.Selection(
        LEVELS,
        string="Inspect Again Each",
        required=True,
        default="lot",
        help="A lot is inspected again as a whole, or in each of its locations.",
    )
    again_basis = fields.Selection(
        [
            ("release", "The former order was started"),
            ("approval", "The former order was validated"),
        ],
        string="The Next is Planned when",
        required=True,
        default="approval",
        help="At which moment of the former quality order the date of the next one is"
        " set.",
    )
    again_date = fields.Selection(
        [
            ("manufactured", "The lot's manufacture"),
            ("approval", "The former order's validation"),
        ],
        string="Intervals Count from",
        required=True,
        default="approval",
        help="The day from which the interval of the timetable is counted.",
    )

    @api.model
    def _get_option_fields(self):
        """Return the names of the options, in the order of their definition."""
        options = self.env["qms.quality.plan.options"]._fields
        names = options.keys() - {"display_name", *models.MAGIC_COLUMNS}
        return sorted(names, key=lambda name: options[name]._sequence)

    def _get_option_values(self):
        """Return the options as values to create another record with."""
        self.ensure_one()
        return {
            name: self[name].id if self._fields[name].relational else self[name]
            for name in self._get_option_fields()
        }

    @api.constrains("max_quantity", "max_uom_id")
    def _check_max_quantity(self):
        for record in self:
            if record.max_quantity < 0:
                raise ValidationError(
                    self.env._(
                        "%s: the maximum quantity can't be negative.",
                        record.display_name,
                    )
                )
            if record.max_quantity and not record.max_uom_id:
                raise ValidationError(
                    self.env._(
                        "%s: the maximum quantity needs its unit.", record.display_name
                    )
                )

    @api.constrains("return_order", "return_copy_new_lot")
    def _check_return(self):
        for record in self:
            if record.return_copy_new_lot and not record.return_order:
                raise ValidationError(
                    self.env._(
                        "%s: a quality order can be copied to the new lot only where"
                        " customer returns are inspected. Choose that, too.",
                        record.display_name,
                    )
                )
