import {chooseFrom} from "./steps";
import {registry} from "@web/core/registry";

const ASKED = "Origin of Milk is none of: New Zealand";

function addLine(product) {
    return [
        {
            trigger: ".o_field_widget[name=order_line] .o_field_x2many_list_row_add a",
            run: "click",
        },
        ...chooseFrom(
            ".o_selected_row .o_field_widget[name=product_id] input, .o_selected_row .o_field_widget[name=product_template_id] input",
            product
        ),
    ];
}

// What the goods must meet is there once the order is saved: icon, dialog, tab
function readRequirements() {
    return [
        {trigger: ".o_form_button_save", run: "click"},
        {
            content: "The icon is on the line",
            trigger: ".o_data_row button[name=action_qms_open_requirements] .fa-shield",
            run: "click",
        },
        {
            content: "The dialog says what the goods must meet",
            trigger: `.modal .o_data_row:contains('${ASKED}')`,
        },
        {
            content: "A clerk changes nothing",
            trigger: ".modal:not(:has(.o_field_x2many_list_row_add))",
        },
        {trigger: ".modal-footer button:contains('Close')", run: "click"},
        {trigger: "body:not(:has(.modal))"},
        {trigger: "a[name=qms_requirements]", run: "click"},
        {
            content: "The tab lists them all",
            trigger: `.o_field_widget[name=qms_order_requirement_ids] .o_data_row:contains('${ASKED}')`,
        },
    ];
}

registry.category("web_tour.tours").add("qms_requirement_purchase", {
    steps: () => [
        ...chooseFrom(".o_field_widget[name=partner_id] input", "Green Farm tour"),
        ...addLine("Milk tour"),
        ...readRequirements(),
        {trigger: "button[name=button_confirm]", run: "click"},
        {trigger: ".o_arrow_button_current:contains('Purchase Order')"},
        {trigger: `.o_data_row:contains('${ASKED}')`},
    ],
});

registry.category("web_tour.tours").add("qms_requirement_sale", {
    steps: () => [
        ...chooseFrom(".o_field_widget[name=partner_id] input", "Fresh Foods tour"),
        ...addLine("Milk tour"),
        {
            content: "The price has come",
            trigger:
                ".o_selected_row .o_field_cell[name=price_subtotal]:contains('1.00')",
        },
        ...readRequirements(),
        {trigger: "button[name=action_confirm]", run: "click"},
        {trigger: ".o_arrow_button_current:contains('Sales Order')"},
        {trigger: ".o_data_row:contains('Milk tour')"},
    ],
});

registry.category("web_tour.tours").add("qms_requirement_adjust", {
    steps: () => [
        {
            trigger: ".o_data_row button[name=action_qms_open_requirements]",
            run: "click",
        },
        {
            trigger: `.modal .o_data_row td:contains('${ASKED}')`,
            run: "click",
        },
        {
            trigger:
                ".modal .o_field_widget[name=departure] label:contains('Allowed and recorded')",
            run: "click",
        },
        {
            trigger: ".modal:has([name=departure]) .o_form_button_save",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row:contains('Allowed and recorded')",
        },
        {trigger: ".modal-footer button:contains('Save')", run: "click"},
        {trigger: "body:not(:has(.modal))"},
        {trigger: "a[name=qms_requirements]", run: "click"},
        {
            content: "The order says that a person changed it",
            trigger:
                ".o_field_widget[name=qms_order_requirement_ids] .o_data_row:contains('Changed by Hand')",
        },
    ],
});
