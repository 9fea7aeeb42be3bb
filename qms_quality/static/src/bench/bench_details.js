import {Component, markup, onWillStart, useState} from "@odoo/owl";
import {getChoices, isChoice, isNumeric} from "./bench_value";
import {BenchKeypad} from "./bench_keypad";
import {getDataURLFromFile} from "@web/core/utils/urls";
import {useService} from "@web/core/utils/hooks";

const READING = "qms.quality.order.result";

/** The reading that is being taken: what to do, big buttons, a note and photos. */
export class BenchDetails extends Component {
    static template = "qms_quality.BenchDetails";
    static components = {BenchKeypad};
    static props = {
        model: Object,
        spot: Object,
        hasKeypad: Boolean,
        onChosen: Function,
        onKey: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.model = useState(this.props.model);
        this.cell = useState(this.props.spot.cell);
        this.state = useState({photos: [], note: this.cell.note});
        onWillStart(() => this.cell.picture_count && this.loadPhotos());
    }

    get column() {
        return this.props.spot.column;
    }

    get spot() {
        return {...this.props.spot, cell: this.cell};
    }

    get canEnter() {
        return this.model.canEnter(this.spot);
    }

    get hasLimits() {
        return isNumeric(this.column) || this.column.type === "qualitative";
    }

    get choices() {
        return this.canEnter && isChoice(this.column) ? getChoices(this.column) : [];
    }

    get hasKeypad() {
        return this.canEnter && this.props.hasKeypad && isNumeric(this.column);
    }

    get instructions() {
        const {instructions} = this.column;
        // the server cleans what it stores in this field
        return instructions ? markup(instructions) : "";
    }

    getClass({value, passes}) {
        if (value !== this.model.getValue(this.spot)) {
            return "btn-outline-secondary";
        }
        return passes ? "btn-success" : "btn-danger";
    }

    onNote() {
        return this.model.note(this.spot, this.state.note);
    }

    async loadPhotos() {
        this.state.photos = await this.orm.searchRead(
            "ir.attachment",
            [
                ["res_model", "=", READING],
                ["res_id", "=", this.cell.result_id],
                ["mimetype", "=like", "image/%"],
            ],
            ["name"],
            {order: "id"}
        );
    }

    /** Keep a photo with the reading, whatever its test asks for. */
    async onPhoto(ev) {
        const [file] = ev.target.files;
        if (file) {
            const url = await getDataURLFromFile(file);
            await this.orm.create("ir.attachment", [
                {
                    name: file.name,
                    datas: url.split(",")[1],
                    res_model: READING,
                    res_id: this.cell.result_id,
                },
            ]);
            await this.loadPhotos();
        }
    }
}
