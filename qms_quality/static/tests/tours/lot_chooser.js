import {registry} from "@web/core/registry";

// a machine that is busy with other things asks and saves slowly
const timeout = 60000;
const lines = ".modal .o_field_widget[name=move_line_ids]";
const addLine = () => [
    {
        trigger: `${lines} .o_field_x2many_list_row_add a`,
        run: "click",
        timeout,
    },
];
const choose = (lot) => ({
    trigger: `.modal:contains('Add line') .o_data_row:contains('${lot}') td[name=lot_id]`,
    run: "click",
    timeout,
});
const save = () => ({trigger: ".modal .o_form_button_save", run: "click"});

registry.category("web_tour.tours").add("qms_worker_takes_what_fits", {
    steps: () => [
        {
            trigger: ".o_data_row:contains('Milk') button[name=action_show_details]",
            run: "click",
            timeout,
        },
        {
            content: "What is required stands above the lots",
            trigger: ".modal .alert-info:contains('Fresh Foods demands')",
            timeout,
        },
        ...addLine(),
        {
            content: "What fits comes first, though it is younger",
            trigger:
                ".modal:contains('Add line') .o_data_row:nth-child(1):contains('CL')",
            timeout,
        },
        {
            content: "What is wrong stands beside the others",
            trigger:
                ".modal:contains('Add line') .o_data_row:nth-child(2):contains('Country of Origin: New Zealand')",
        },
        choose("NZ"),
        {
            trigger: `${lines} .o_data_row`,
            timeout,
        },
        save(),
        {
            content: "It is refused, in words that help",
            trigger:
                ".modal:contains(\"don't meet what is required\"):contains('Found: New Zealand')",
            timeout,
        },
        {
            trigger: '.modal:contains("don\'t meet what is required") .btn-primary',
            run: "click",
        },
        {
            trigger: `${lines} .o_data_row .o_list_record_remove`,
            run: "click",
            timeout,
        },
        {
            trigger: `${lines}:not(:has(.o_data_row))`,
        },
        ...addLine(),
        choose("CL"),
        {
            trigger: `${lines} .o_data_row`,
            timeout,
        },
        save(),
        {trigger: "body:not(:has(.modal))", timeout},
        {trigger: ".o_form_saved, .o_form_view", timeout},
    ],
});
