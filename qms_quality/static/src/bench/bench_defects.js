import {Component, useState} from "@odoo/owl";

/** The defects of each class that a sampling plan counts. */
export class BenchDefects extends Component {
    static template = "qms_quality.BenchDefects";
    static props = {model: Object, canEdit: Boolean};

    setup() {
        this.model = useState(this.props.model);
    }

    getCounts(defect) {
        return defect.needs_second ? ["found1", "found2"] : ["found1"];
    }

    getProblem(defect) {
        return this.getCounts(defect)
            .map((name) => this.model.getCount(defect, name)?.message)
            .find(Boolean);
    }

    getState(defect) {
        return this.getProblem(defect) ? "refused" : defect.verdict || "";
    }

    /** Enter goes to the next count. */
    onKeydown(ev) {
        if (ev.key !== "Enter") {
            return;
        }
        ev.preventDefault();
        const inputs = [...ev.target.closest("table").querySelectorAll("input")];
        const next = inputs[inputs.indexOf(ev.target) + 1];
        ev.target.blur();
        next?.focus();
    }
}
