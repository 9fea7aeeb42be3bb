import {registry} from "@web/core/registry";
import {Operation} from "@web/model/relational_model/operation";
import {FloatField, floatField} from "@web/views/fields/float/float_field";
import {formatFloat} from "@web/views/fields/formatters";

const MAX_DECIMALS = 9;

/**
 * A value as it was entered. The input hook drops a plain 0 that is typed into an empty
 * field (both are falsy); an operation reaches the record.
 */
class Entered extends Operation {
    compute() {
        return this.operand;
    }
}

/** Returns how many decimals a number has, as far as they mean anything. */
function countDecimals(value) {
    const [, decimals = ""] = String(Number(value.toFixed(MAX_DECIMALS))).split(".");
    return decimals.length;
}

/**
 * A float field that tells nothing from zero. Shows the decimals of the test, and more
 * where the value has more.
 */
export class OptionalFloatField extends FloatField {
    parse(value) {
        const parsed = value.trim() === "" ? false : super.parse(value);
        return parsed instanceof Operation ? parsed : new Entered("set", parsed);
    }

    get formattedValue() {
        if (this.value === false) {
            return "";
        }
        const shown = this.props.record.data.decimals || 0;
        const decimals = Math.max(shown, countDecimals(this.value));
        return formatFloat(this.value, {digits: [16, decimals]});
    }
}

export const optionalFloatField = {
    ...floatField,
    component: OptionalFloatField,
    supportedTypes: ["float"],
    fieldDependencies: [{name: "decimals", type: "integer", readonly: true}],
};

registry.category("fields").add("qms_optional_float", optionalFloatField);
