import {_t} from "@web/core/l10n/translation";
import {deserializeDate, formatDate} from "@web/core/l10n/dates";
import {formatFloat} from "@web/views/fields/formatters";

const NUMERIC = ["quantitative", "attribute", "calculated"];
const MAX_DECIMALS = 9;

export function isNumeric(column) {
    return NUMERIC.includes(column.type);
}

export function isChoice(column) {
    return ["pass_fail", "qualitative"].includes(column.type);
}

/** Returns what a reading can be chosen from: its value, its name, whether it passes. */
export function getChoices(column) {
    if (column.type === "pass_fail") {
        return [
            {value: "pass", name: _t("Pass"), passes: true},
            {value: "fail", name: _t("Fail"), passes: false},
        ];
    }
    return column.outcomes.map(({id, name, passes}) => ({value: id, name, passes}));
}

function countDecimals(value) {
    const [, decimals = ""] = String(Number(value.toFixed(MAX_DECIMALS))).split(".");
    return decimals.length;
}

function formatNumber(column, value) {
    const decimals = Math.max(column.decimals || 0, countDecimals(value));
    return formatFloat(value, {digits: [16, decimals]});
}

/** Returns how a reading is written into its field. */
export function formatValue(column, value) {
    if (value === false || value === null || value === undefined) {
        return "";
    }
    return isNumeric(column) ? formatNumber(column, value) : String(value);
}

/** Returns how a reading is shown where it can't be entered. */
export function formatText(column, value) {
    if (column.type === "date" && value) {
        return formatDate(deserializeDate(value));
    }
    if (isChoice(column)) {
        return getChoices(column).find((one) => one.value === value)?.name || "";
    }
    return formatValue(column, value);
}
