import {markRaw} from "@odoo/owl";

const MODEL = "qms.trace";

/** Returns which nodes are reached from some, without going on from ``stops``. */
function walk(starts, nexts, stops = new Set()) {
    const reached = new Set(starts);
    const queue = [...starts];
    while (queue.length) {
        const id = queue.pop();
        if (stops.has(id)) {
            continue;
        }
        for (const next of nexts.get(id) || []) {
            if (!reached.has(next)) {
                reached.add(next);
                queue.push(next);
            }
        }
    }
    return reached;
}

function add(map, key, value) {
    if (!map.has(key)) {
        map.set(key, []);
    }
    map.get(key).push(value);
}

/** Tell whether a text is in what is shown of a node, whatever its case. */
function hasText({name, product}, text) {
    return `${name} ${product || ""}`.toLowerCase().includes(text);
}

/**
 * A trace as the page shows it: what the server told, what of it is folded up, and what
 * is asked for by product, date and text.
 */
export class TraceModel {
    constructor(orm, source) {
        this.orm = orm;
        this.source = source;
        this.direction = "both";
        this.date = false;
        this.products = [];
        this.from = false;
        this.to = false;
        this.opened = [];
        this.folded = [];
        this.text = "";
        this.data = null;
        this.version = 0;
    }

    async load() {
        const {model, ids} = this.source;
        const data = await this.orm.call(MODEL, "get_graph", [model, ids], {
            direction: this.direction,
            date: this.date,
            opened: this.opened,
            find: this.text,
        });
        this.nodes = markRaw(new Map(data.nodes.map((node) => [node.id, node])));
        this.after = markRaw(new Map());
        this.before = markRaw(new Map());
        for (const {source, target} of data.links) {
            add(this.after, source, target);
            add(this.before, target, source);
        }
        const {nodes, links, ...rest} = data;
        this.data = {...rest, nodes: markRaw(nodes), links: markRaw(links)};
        this.folded = this.folded.filter((id) => this.nodes.has(id));
        this.version++;
    }

    get roots() {
        return this.data.roots.filter((id) => this.nodes.has(id));
    }

    /** What the user can filter by: the products of the trace, by name. */
    get productChoices() {
        const products = new Map();
        for (const {product_id: id, product} of this.nodes.values()) {
            if (id) {
                products.set(id, product);
            }
        }
        return [...products]
            .map(([value, label]) => ({value, label}))
            .sort((a, b) => a.label.localeCompare(b.label));
    }

    get statuses() {
        const statuses = new Map();
        for (const {status} of this.visible.nodes) {
            if (status) {
                const {count = 0} = statuses.get(status.id) || {};
                statuses.set(status.id, {...status, count: count + 1});
            }
        }
        return [...statuses.values()].sort((a, b) => b.count - a.count);
    }

    // -- What is shown ----------------------------------------------------------------

    /** What is shown, reckoned once for each state of the page. */
    get visible() {
        const state = JSON.stringify([
            this.version,
            this.folded,
            this.products,
            this.from,
            this.to,
        ]);
        if (this.reckonedFor !== state) {
            this.reckoned = markRaw(this.reckonVisible());
            this.reckonedFor = state;
        }
        return this.reckoned;
    }

    reckonVisible() {
        const stops = new Set(this.folded);
        const matching = this.getMatching();
        const shown = new Set([
            ...this.getSide(this.after, this.before, stops, matching),
            ...this.getSide(this.before, this.after, stops, matching),
        ]);
        const nodes = this.data.nodes.filter(({id}) => shown.has(id));
        const links = this.data.links.filter(
            ({source, target}) => shown.has(source) && shown.has(target)
        );
        return {nodes, links, hidden: this.countHidden(shown)};
    }

    /** One side of the roots: what isn't folded up, and leads to what is asked for. */
    getSide(away, towards, stops, matching) {
        const shown = walk(this.roots, away, stops);
        if (!matching) {
            return shown;
        }
        const asked = [...shown].filter((id) => matching.has(id));
        const leading = walk(asked, towards);
        const roots = new Set(this.roots);
        return [...shown].filter((id) => leading.has(id) || roots.has(id));
    }

    /** Returns the ids of what is asked for, or null where all is. */
    getMatching() {
        if (!this.products.length && !this.from && !this.to) {
            return null;
        }
        const dated = this.from || this.to ? this.getDated() : null;
        return new Set(
            this.data.nodes
                .filter(
                    ({id, product_id: productId}) =>
                        (!this.products.length || this.products.includes(productId)) &&
                        (!dated || dated.has(id))
                )
                .map(({id}) => id)
        );
    }

    /** Returns the ids of what was made, used, bought or sold in the chosen time. */
    getDated() {
        const dated = new Set();
        for (const {source, target, date} of this.data.links) {
            const day = (date || "").slice(0, 10);
            if (
                day &&
                (!this.from || day >= this.from) &&
                (!this.to || day <= this.to)
            ) {
                dated.add(source);
                dated.add(target);
            }
        }
        return dated;
    }

    /** Returns how many neighbours of a folded node aren't shown, ``id → count``. */
    countHidden(shown) {
        const hidden = new Map();
        for (const id of this.folded) {
            const nexts = this.getAway(id).get(id) || [];
            const count = new Set(nexts.filter((next) => !shown.has(next))).size;
            if (count) {
                hidden.set(id, count);
            }
        }
        return hidden;
    }

    // -- Folding ----------------------------------------------------------------------

    /** Returns the neighbours on the far side of a node, seen from the roots. */
    getAway(id) {
        return this.nodes.get(id).level < 0 ? this.before : this.after;
    }

    canFold(id) {
        return (
            !this.data.roots.includes(id) && Boolean(this.getAway(id).get(id)?.length)
        );
    }

    isFolded(id) {
        return this.folded.includes(id);
    }

    toggle(id) {
        this.folded = this.isFolded(id)
            ? this.folded.filter((other) => other !== id)
            : [...this.folded, id];
    }

    unfoldAll() {
        this.folded = [];
    }

    /** Leave only what is next to the roots. */
    foldAll() {
        this.folded = this.data.nodes
            .map(({id}) => id)
            .filter((id) => this.canFold(id));
    }

    /** Show the members of a group, each as a node of its own. */
    open(groupId) {
        this.opened = [...this.opened, groupId];
        return this.load();
    }

    closeGroups() {
        this.opened = [];
        return this.load();
    }

    /** Unfold whatever hides a node. */
    reveal(id) {
        if (this.visible.nodes.some((node) => node.id === id)) {
            return;
        }
        const back = this.getAway(id) === this.after ? this.before : this.after;
        const leading = walk([id], back);
        leading.delete(id);
        this.folded = this.folded.filter((other) => !leading.has(other));
        if (!this.visible.nodes.some((node) => node.id === id)) {
            Object.assign(this, {products: [], from: false, to: false});
        }
    }

    // -- Searching --------------------------------------------------------------------

    /**
     * Find nodes by what stands on them, those in groups too.
     *
     * @returns {Promise<String[]>} their ids, nearest to the roots first
     */
    async find(text) {
        this.text = text.trim();
        if (this.text && this.data.grouped) {
            await this.load();
        }
        const wanted = this.text.toLowerCase();
        return this.data.nodes
            .filter((node) => wanted && hasText(node, wanted))
            .sort(
                (a, b) =>
                    Math.abs(a.level) - Math.abs(b.level) ||
                    a.name.localeCompare(b.name)
            )
            .map(({id}) => id);
    }

    // -- One node ---------------------------------------------------------------------

    getNode(id) {
        return this.nodes.get(id);
    }

    /** Returns the links of a node, with the node at the other end. */
    getLinks(id) {
        const into = [];
        const out = [];
        for (const link of this.data.links) {
            if (link.target === id) {
                into.push({...link, other: this.nodes.get(link.source)});
            } else if (link.source === id) {
                out.push({...link, other: this.nodes.get(link.target)});
            }
        }
        return {into, out};
    }

    loadDetails(lotId) {
        return this.orm.call(MODEL, "get_lot_details", [lotId]);
    }
}
