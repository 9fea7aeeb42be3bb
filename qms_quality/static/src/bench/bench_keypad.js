import {Component} from "@odoo/owl";
import {localization} from "@web/core/l10n/localization";

/** Keys for numbers, big enough for gloves. */
export class BenchKeypad extends Component {
    static template = "qms_quality.BenchKeypad";
    static props = {onKey: Function};

    get keys() {
        const point = localization.decimalPoint;
        return ["7", "8", "9", "4", "5", "6", "1", "2", "3", "0", point, "-"];
    }
}
