import {Component, markup} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";

/** What the test groups say, with their drawings and documents. */
export class BenchInstructions extends Component {
    static template = "qms_quality.BenchInstructions";
    static components = {Dialog};
    static props = {instructions: Array, close: Function};

    getText({html}) {
        // the server cleans what it stores in this field
        return markup(html);
    }

    isImage({mimetype}) {
        return mimetype.startsWith("image/");
    }
}
