import {registry} from "@web/core/registry";

const CELL = (row, name) =>
    `div[name='defect_ids'] .o_data_row:eq(${row}) td[name='${name}']`;

// An inspector counts defects; the first sample doesn't decide, the second one does.
registry.category("web_tour.tours").add("qms_quality_order_defects", {
    steps: () => [
        {trigger: CELL(0, "found1"), run: "click"},
        {
            content: "0 is a count",
            trigger: `${CELL(0, "found1")} input`,
            run: "edit 0",
        },
        {trigger: CELL(1, "found1"), run: "click"},
        {trigger: `${CELL(1, "found1")} input`, run: "edit 2"},
        {trigger: ".o_form_button_save", run: "click"},
        {
            content: "The second sample is asked for",
            trigger: CELL(1, "found2"),
            run: "click",
        },
        {trigger: `${CELL(1, "found2")} input`, run: "edit 1"},
        {trigger: ".o_form_button_save", run: "click"},
        {trigger: `${CELL(1, "verdict")}:contains(Accept)`},
        {trigger: ".o_notebook .nav-link[name='sample']", run: "click"},
        {
            content: "An auditor draws the units again",
            trigger: "button[name='action_draw_again']",
            run: "click",
        },
        {trigger: ".o_notification:contains('the 40 units are the same')"},
        {trigger: "button[name='action_validate']", run: "click"},
        {trigger: ".o_arrow_button_current:contains(Validated)"},
        {trigger: ".ribbon:contains(Passed)"},
    ],
});
