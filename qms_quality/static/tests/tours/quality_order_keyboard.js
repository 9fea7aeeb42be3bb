import {registry} from "@web/core/registry";

const EMPTY_READING = ".o_selected_row td[name='value'] .o_input:focus";
const BADGE = (verdict) => `.o_data_row td[name='verdict']:contains(${verdict})`;

// An inspector opens an order and never touches the mouse.
registry.category("web_tour.tours").add("qms_quality_order_keyboard", {
    steps: () => [
        {
            content: "The first empty reading has the focus: a weight",
            trigger: EMPTY_READING,
            run: "edit 5 && press Tab",
        },
        {trigger: BADGE("Passed")},
        {
            content: "0 is a reading, and it fails",
            trigger: `.o_data_row:eq(1) ${EMPTY_READING.replace(".o_selected_row ", "")}`,
            run: "edit 0 && press Tab",
        },
        {trigger: BADGE("Failed")},
        {
            content: "It is corrected",
            trigger: ".o_data_row:eq(2) td[name='value'] .o_input:focus",
            run: "press Shift+Tab",
        },
        {
            trigger: ".o_data_row:eq(1) td[name='value'] .o_input:focus",
            run: "edit 4 && press Enter",
        },
        {
            trigger: ".o_data_row:eq(2) td[name='value'] .o_input:focus",
            run: "edit 4 && press Tab",
        },
        {
            content: "A judgement",
            trigger: ".o_data_row:eq(3) td[name='value'] select:focus",
            run: "select pass",
        },
        {
            trigger: ".o_data_row:eq(3) td[name='value'] select:focus",
            run: "press Tab",
        },
        {
            content: "Behind the last reading comes the button",
            trigger: "button[name='action_validate']:focus",
            run: "press Enter",
        },
        {trigger: ".o_arrow_button_current:contains(Validated)"},
        {trigger: ".ribbon:contains(Passed)"},
    ],
});
