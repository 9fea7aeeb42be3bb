import {Component, onMounted, onWillStart, useRef, useState} from "@odoo/owl";
import {deserializeDate, serializeDate, serializeDateTime} from "@web/core/l10n/dates";
import {DateTimeInput} from "@web/core/datetime/datetime_input";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {Layout} from "@web/search/layout";
import {SelectMenu} from "@web/core/select_menu/select_menu";
import {TraceDetails} from "./trace_details";
import {TraceGraph} from "./trace_graph";
import {TraceModel} from "./trace_model";
import {_t} from "@web/core/l10n/translation";
import {download, downloadFile} from "@web/core/network/download";
import {registry} from "@web/core/registry";
import {router} from "@web/core/browser/router";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";

/** The page of a trace: the picture, what it shows of it, and what is known of a node. */
export class TracePage extends Component {
    static template = "qms_traceability.TracePage";
    static components = {
        DateTimeInput,
        Dropdown,
        DropdownItem,
        Layout,
        SelectMenu,
        TraceDetails,
        TraceGraph,
    };
    static props = {...standardActionServiceProps};

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.search = useRef("search");
        this.model = useState(new TraceModel(this.orm, this.getSource()));
        this.state = useState({
            chosen: false,
            found: [],
            current: -1,
            hasNothing: false,
        });
        this.display = {controlPanel: {}};
        onWillStart(() => this.load());
        onMounted(() => {
            const {model, ids} = this.model.source;
            this.props.updateActionState({
                trace_model: model,
                trace_ids: ids.join(","),
            });
        });
    }

    /** What is traced: given by the button, kept in the address for a reload. */
    getSource() {
        const {context} = this.props.action;
        if (context.trace_ids) {
            return {model: context.trace_model, ids: context.trace_ids};
        }
        const {trace_model: model = "stock.lot", trace_ids: ids = ""} = router.current;
        return {model, ids: String(ids).split(",").filter(Boolean).map(Number)};
    }

    async load() {
        if (this.model.source.ids.length) {
            await this.model.load();
            this.env.config.setDisplayName(this.model.data.title);
        }
    }

    async reload() {
        this.state.chosen = false;
        this.clearFound();
        await this.model.load();
    }

    setApi(api) {
        this.api = api;
    }

    get hasGraph() {
        return Boolean(this.model.data?.nodes.length);
    }

    get hasFilter() {
        const {products, from, to} = this.model;
        return Boolean(products.length || from || to);
    }

    getDate(name) {
        return this.model[name] ? deserializeDate(this.model[name]) : false;
    }

    // -- What is shown ----------------------------------------------------------------

    onDirection(direction) {
        this.model.direction = direction;
        return this.reload();
    }

    onProducts(products) {
        this.model.products = products;
    }

    onDate(name, date) {
        this.model[name] = date ? serializeDate(date) : false;
    }

    /** Trace as things were at the end of a day. */
    onAsOf(date) {
        this.model.day = date ? serializeDate(date) : false;
        this.model.date = date ? serializeDateTime(date.endOf("day")) : false;
        return this.reload();
    }

    onClearFilter() {
        Object.assign(this.model, {products: [], from: false, to: false});
    }

    onFold() {
        this.model.foldAll();
    }

    onUnfold() {
        this.model.unfoldAll();
    }

    onCloseGroups() {
        this.state.chosen = false;
        return this.model.closeGroups();
    }

    onToggle(id) {
        if (this.model.getNode(id)?.kind === "group") {
            this.state.chosen = false;
            return this.model.open(id);
        }
        if (this.model.canFold(id)) {
            this.model.toggle(id);
        }
    }

    onChoose(id) {
        if (id && this.model.getNode(id)) {
            this.model.reveal(id);
        }
        this.state.chosen = id;
    }

    onTraceFrom(lotId) {
        return this.action.doAction("qms_traceability.action_qms_trace_graph", {
            additionalContext: {trace_model: "stock.lot", trace_ids: [lotId]},
        });
    }

    // -- Searching --------------------------------------------------------------------

    clearFound() {
        Object.assign(this.state, {found: [], current: -1, hasNothing: false});
    }

    async onSearchKey(ev) {
        if (ev.key === "Enter") {
            await this.onSearch(ev.shiftKey ? -1 : 1);
        } else if (ev.key === "Escape") {
            this.search.el.value = "";
            this.clearFound();
        }
    }

    /** Find, and go from one to the next with each further call. */
    async onSearch(step = 1) {
        const text = this.search.el.value.trim();
        if (text !== this.searched || !this.state.found.length) {
            this.searched = text;
            this.state.found = await this.model.find(text);
            this.state.current = -1;
            this.state.hasNothing = Boolean(text) && !this.state.found.length;
        }
        const {found, current} = this.state;
        if (found.length) {
            this.state.current = (current + step + found.length) % found.length;
            const id = found[this.state.current];
            this.onChoose(id);
            // what was folded up is drawn first
            requestAnimationFrame(() => this.api.center(id));
        }
    }

    // -- Files ------------------------------------------------------------------------

    get fileName() {
        return this.model.data.title.replace(/[^\p{L}\p{N}]+/gu, "-");
    }

    async onPng() {
        downloadFile(await this.api.getPicture(), `${this.fileName}.png`, "image/png");
    }

    onPdf() {
        return this.downloadAs("pdf");
    }

    onXlsx() {
        return this.downloadAs("xlsx");
    }

    downloadAs(format) {
        const {source, direction, date} = this.model;
        return download({
            url: `/qms_traceability/trace/${format}`,
            data: {
                model: source.model,
                ids: source.ids.join(","),
                direction,
                ...(date ? {date} : {}),
            },
        });
    }

    get notes() {
        const {data} = this.model;
        const notes = [];
        if (data.left_out) {
            notes.push(
                _t("The newest %(shown)s lots of %(all)s are traced.", {
                    shown: data.roots.length,
                    all: data.roots.length + data.left_out,
                })
            );
        }
        if (data.grouped) {
            notes.push(
                _t(
                    "%s lots and partners are collapsed by product and date.",
                    data.grouped
                )
            );
        }
        if (data.hidden) {
            notes.push(_t("%s lots are hidden: you may not read them.", data.hidden));
        }
        if (data.truncated) {
            notes.push(_t("The trace is not complete: it has more than can be shown."));
        }
        return notes;
    }
}

registry.category("actions").add("qms_trace_graph", TracePage);
