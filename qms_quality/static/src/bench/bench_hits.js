import {Component} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";

/** Where several orders fit what was scanned: which one. */
export class BenchHits extends Component {
    static template = "qms_quality.BenchHits";
    static components = {Dialog};
    static props = {code: String, hits: Array, open: Function, close: Function};

    onChoose(hit) {
        this.props.close();
        return this.props.open(hit);
    }
}
