import {registry} from "@web/core/registry";
import {OptionalFloatField, optionalFloatField} from "./optional_float_field";

/**
 * The reading of a test, in one cell whatever the test's type: a number, or a judgement
 * that is chosen by its first letter.
 */
export class ReadingField extends OptionalFloatField {
    static template = "qms_quality.ReadingField";

    get isMeasured() {
        return this.props.record.data.test_type === "quantitative";
    }

    get outcomes() {
        return this.props.record.fields.outcome.selection;
    }

    get outcome() {
        return this.props.record.data.outcome;
    }

    get outcomeLabel() {
        return this.outcomes.find(([value]) => value === this.outcome)?.[1] || "";
    }

    onOutcomeChange(ev) {
        return this.props.record.update({outcome: ev.target.value || false});
    }
}

export const readingField = {
    ...optionalFloatField,
    component: ReadingField,
    fieldDependencies: [
        ...optionalFloatField.fieldDependencies,
        {name: "test_type", type: "selection", readonly: true},
        {
            name: "outcome",
            type: "selection",
            selection: [
                ["pass", "Pass"],
                ["fail", "Fail"],
            ],
        },
    ],
};

registry.category("fields").add("qms_reading", readingField);
