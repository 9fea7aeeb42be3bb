import {Component, useEffect, useRef, useState} from "@odoo/owl";
import {formatText, getChoices, isChoice, isNumeric} from "./bench_value";

const ARROWS = {
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
};

/** One reading: a field to type in, buttons to choose from, or a camera. */
export class BenchCell extends Component {
    static template = "qms_quality.BenchCell";
    static props = {
        model: Object,
        column: Object,
        row: Object,
        cell: Object,
        span: Number,
        isWide: Boolean,
        hasKeypad: Boolean,
        onActive: Function,
        onMove: Function,
        onDone: Function,
        onPaste: Function,
        onPicture: Function,
    };

    setup() {
        this.model = useState(this.props.model);
        this.cell = useState(this.props.cell);
        this.field = useRef("field");
        // not in the template: a value that is being typed outlasts what is drawn anew
        useEffect(
            () => {
                if (this.kind === "input") {
                    this.field.el.value = this.shown;
                }
            },
            () => [this.kind, this.shown]
        );
    }

    get column() {
        return this.props.column;
    }

    get spot() {
        return {column: this.column, row: this.props.row, cell: this.cell};
    }

    get entry() {
        return this.model.entries[this.cell.result_id];
    }

    get isNumeric() {
        return isNumeric(this.column);
    }

    get isChoice() {
        return isChoice(this.column);
    }

    /** What the colour of the cell says. */
    get state() {
        const {recorded, verdict, warning} = this.cell;
        if (this.entry) {
            return this.entry.state;
        }
        // one of several readings decides nothing alone
        return (warning && "warning") || verdict || (recorded && "recorded") || "";
    }

    get canEnter() {
        return this.model.canEnter(this.spot);
    }

    get kind() {
        if (!this.canEnter) {
            return this.column.type === "picture" ? "image" : "shown";
        }
        if (this.isChoice) {
            const isShort = this.column.type === "pass_fail";
            return isShort || this.props.isWide ? "buttons" : "select";
        }
        return this.column.type === "picture" ? "picture" : "input";
    }

    get shown() {
        return this.model.getShown(this.spot);
    }

    get text() {
        return this.cell.text || formatText(this.column, this.cell.value);
    }

    get choices() {
        return getChoices(this.column);
    }

    /** What is chosen; a name where it was pasted. */
    get chosen() {
        const value = this.model.getValue(this.spot);
        return this.choices.find((one) => one.value === value || one.name === value)
            ?.value;
    }

    get inputType() {
        return this.column.type === "date" ? "date" : "text";
    }

    get inputMode() {
        if (!this.isNumeric) {
            return "text";
        }
        return this.props.hasKeypad ? "none" : "decimal";
    }

    get pictureUrl() {
        return `${this.cell.picture_url}?width=96&unique=${this.cell.version || 0}`;
    }

    onFocus(ev) {
        ev.target.select?.();
        this.props.onActive(this.spot);
    }

    onChange(ev) {
        this.model.enter(this.spot, ev.target.value);
    }

    /**
     * Take what the keypad wrote, and show the number as it is kept, with the decimals
     * of its test.
     */
    onBlur(ev) {
        if (ev.relatedTarget?.closest(".qms_bench_keypad")) {
            return;
        }
        this.onChange(ev);
        ev.target.value = this.shown;
    }

    onChoose({value, name}) {
        this.props.onActive(this.spot);
        this.model.choose(this.spot, value, name);
    }

    onSelect(ev) {
        const choice = this.choices.find(
            ({value}) => String(value) === ev.target.value
        );
        if (choice) {
            this.onChoose(choice);
        }
    }

    onKeydown(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            if (this.kind === "input") {
                this.onChange(ev);
            }
            this.props.onDone(this.spot);
        } else if (ev.key === "Escape" && this.entry) {
            this.model.drop(this.cell.result_id);
            ev.target.value = this.shown;
        } else if (ev.key in ARROWS && this.isFreeToMove(ev)) {
            ev.preventDefault();
            this.props.onMove(this.spot, ...ARROWS[ev.key]);
        } else if (this.kind === "buttons") {
            this.onLetter(ev);
        }
    }

    /** Choose by the first letter or the number of a choice. */
    onLetter(ev) {
        const key = ev.key.toLowerCase();
        const choice =
            this.choices[Number(key) - 1] ||
            this.choices.find(({name}) => name.toLowerCase().startsWith(key));
        if (choice && key.length === 1 && !ev.ctrlKey && !ev.metaKey) {
            ev.preventDefault();
            ev.stopPropagation();
            this.onChoose(choice);
        }
    }

    /** Tell whether an arrow leaves the field, not the letter where the caret is. */
    isFreeToMove({key, target}) {
        if (target.type !== "text") {
            return target.tagName === "DIV" || key === "ArrowUp" || key === "ArrowDown";
        }
        const {selectionStart: start, selectionEnd: end, value} = target;
        const isAll = start === 0 && end === value.length;
        return (
            key === "ArrowUp" ||
            key === "ArrowDown" ||
            isAll ||
            (key === "ArrowLeft" && end === 0) ||
            (key === "ArrowRight" && start === value.length)
        );
    }

    onPaste(ev) {
        const text = ev.clipboardData.getData("text");
        if (/[\t\n]/.test(text)) {
            ev.preventDefault();
            this.props.onPaste(this.spot, text);
        }
    }

    onFile(ev) {
        const [file] = ev.target.files;
        if (file) {
            this.props.onPicture(this.spot, file);
        }
    }
}
