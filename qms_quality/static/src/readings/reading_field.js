import {deserializeDate, formatDate, serializeDate} from "@web/core/l10n/dates";
import {getDataURLFromFile, imageUrl} from "@web/core/utils/urls";
import {isBinarySize} from "@web/core/utils/binary";
import {formatFloat} from "@web/views/fields/formatters";
import {registry} from "@web/core/registry";
import {OptionalFloatField, optionalFloatField} from "./optional_float_field";

const NUMERIC = ["quantitative", "attribute", "calculated"];

/**
 * The reading of a test, in one cell whatever the test's type: a number, a judgement or
 * an outcome that is chosen by its first letter, a text, a date, a picture.
 */
export class ReadingField extends OptionalFloatField {
    static template = "qms_quality.ReadingField";

    get record() {
        return this.props.record.data;
    }

    /** What was worked out has no end of decimals: one more than the test's is shown. */
    get formattedValue() {
        const {is_automatic: isWorkedOut, decimals} = this.record;
        if (!isWorkedOut || this.value === false) {
            return super.formattedValue;
        }
        return formatFloat(this.value, {digits: [16, (decimals || 0) + 1]});
    }

    get isMeasured() {
        return NUMERIC.includes(this.record.test_type);
    }

    get isChosen() {
        return ["pass_fail", "qualitative"].includes(this.record.test_type);
    }

    get isJudged() {
        return this.record.test_type === "pass_fail";
    }

    get options() {
        return this.isJudged
            ? this.props.record.fields.outcome.selection
            : this.record.choices || [];
    }

    get chosen() {
        return this.isJudged ? this.record.outcome : this.record.outcome_id?.id;
    }

    get dateText() {
        return this.record.date_value ? serializeDate(this.record.date_value) : "";
    }

    get text() {
        if (this.isChosen) {
            const option = this.options.find(([value]) => value === this.chosen);
            return option ? option[1] : this.record.outcome_id?.display_name || "";
        }
        if (this.record.test_type === "date") {
            return this.record.date_value ? formatDate(this.record.date_value) : "";
        }
        return this.record.text_value || "";
    }

    get pictureUrl() {
        const {picture} = this.record;
        const {resModel, resId} = this.props.record;
        return isBinarySize(picture)
            ? imageUrl(resModel, resId, "picture", {width: 96})
            : `data:image/*;base64,${picture}`;
    }

    onOutcomeChange(ev) {
        const {value} = ev.target;
        if (this.isJudged) {
            return this.props.record.update({outcome: value || false});
        }
        const option = this.options.find(([id]) => String(id) === value);
        return this.props.record.update({
            outcome_id: option ? {id: option[0], display_name: option[1]} : false,
        });
    }

    onTextInput(ev) {
        return this.props.record.update({text_value: ev.target.value || false});
    }

    onDateInput(ev) {
        const {value} = ev.target;
        return this.props.record.update({
            date_value: value ? deserializeDate(value) : false,
        });
    }

    async onPictureChange(ev) {
        const [file] = ev.target.files;
        if (file) {
            const url = await getDataURLFromFile(file);
            await this.props.record.update({picture: url.split(",")[1]});
        }
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
        {name: "outcome_id", type: "many2one", relation: "qms.test.outcome"},
        {name: "text_value", type: "char"},
        {name: "date_value", type: "date"},
        {name: "picture", type: "binary"},
        {name: "choices", type: "json", readonly: true},
        {name: "problem", type: "char", readonly: true},
        {name: "is_automatic", type: "boolean", readonly: true},
    ],
};

registry.category("fields").add("qms_reading", readingField);
