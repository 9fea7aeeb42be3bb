import {_t} from "@web/core/l10n/translation";
import {formatFloat} from "@web/core/utils/numbers";

export function formatQuantity(value) {
    return formatFloat(value, {digits: [16, 6], trailingZeros: false});
}

export function getStatusLabel(status) {
    return {
        not_started: _t("Not started"),
        in_progress: _t("In progress"),
        completed: _t("Completed"),
    }[status];
}
