/**
 * Where the nodes of a trace stand: suppliers on the left, customers on the right.
 *
 * General layouts of layered graphs take from five seconds to minutes for 2,000 lots.
 * Here the layers are known, so ordering them is all that is left to do.
 */

export const WIDTH = 190;
export const HEIGHT = 46;
const GAP_X = 110;
const GAP_Y = 14;
const SWEEPS = 6;
// a column that is longer is set in several, so that the picture stays about as high
const LONGEST = 60;

function getNeighbours(nodes, links) {
    const before = new Map(nodes.map(({id}) => [id, []]));
    const after = new Map(nodes.map(({id}) => [id, []]));
    for (const {source, target} of links) {
        if (source !== target && before.has(target) && after.has(source)) {
            before.get(target).push(source);
            after.get(source).push(target);
        }
    }
    return {before, after};
}

/** Returns a layer for each node: after all that it is made of, as far as that goes. */
function getRanks(nodes, {before, after}) {
    const ranks = new Map(nodes.map(({id}) => [id, 0]));
    const missing = new Map(nodes.map(({id}) => [id, before.get(id).length]));
    const byLevel = [...nodes].sort((a, b) => a.level - b.level);
    const isDone = new Set();
    const queue = byLevel.filter(({id}) => !missing.get(id)).map(({id}) => id);
    let next = 0;
    while (isDone.size < nodes.length) {
        if (!queue.length) {
            // a cycle, as of rework: the trace's own levels tell where it begins
            while (isDone.has(byLevel[next].id)) {
                next++;
            }
            queue.push(byLevel[next].id);
        }
        const id = queue.pop();
        if (isDone.has(id)) {
            continue;
        }
        isDone.add(id);
        for (const other of after.get(id)) {
            if (!isDone.has(other)) {
                ranks.set(other, Math.max(ranks.get(other), ranks.get(id) + 1));
                missing.set(other, missing.get(other) - 1);
                if (!missing.get(other)) {
                    queue.push(other);
                }
            }
        }
    }
    return ranks;
}

/** Move what nothing comes before next to what it goes into. */
function tighten(nodes, ranks, {before, after}) {
    for (const {id} of nodes) {
        if (!before.get(id).length && after.get(id).length) {
            const nearest = after
                .get(id)
                .reduce((least, other) => Math.min(least, ranks.get(other)), Infinity);
            ranks.set(id, Math.max(0, nearest - 1));
        }
    }
}

/** Partners stand outside of all goods. */
function setPartnersApart(nodes, ranks) {
    const goods = nodes.filter(({kind}) => !["supplier", "customer"].includes(kind));
    const all = goods.map(({id}) => ranks.get(id));
    const first = all.reduce((least, rank) => Math.min(least, rank), Infinity);
    const last = all.reduce((most, rank) => Math.max(most, rank), -Infinity);
    for (const {id, kind} of nodes) {
        if (kind === "supplier") {
            ranks.set(id, first - 1);
        } else if (kind === "customer") {
            ranks.set(id, last + 1);
        }
    }
}

function getColumns(nodes, ranks) {
    const columns = new Map();
    for (const node of nodes) {
        const rank = ranks.get(node.id);
        if (!columns.has(rank)) {
            columns.set(rank, []);
        }
        columns.get(rank).push(node.id);
    }
    return [...columns.keys()].sort((a, b) => a - b).map((rank) => columns.get(rank));
}

function getMean(ids, places) {
    return ids.length
        ? ids.reduce((sum, id) => sum + places.get(id), 0) / ids.length
        : null;
}

/** Put each column in the order of its neighbours, to and fro: fewer lines cross. */
function order(columns, {before, after}) {
    const places = new Map();
    const number = (column) =>
        column.forEach((id, i) => places.set(id, (i + 0.5) / column.length));
    columns.forEach(number);
    for (let sweep = 0; sweep < SWEEPS; sweep++) {
        const isForth = sweep % 2 === 0;
        const neighbours = isForth ? before : after;
        for (const column of isForth ? columns : [...columns].reverse()) {
            const wishes = new Map(
                column.map((id) => [
                    id,
                    getMean(neighbours.get(id), places) ?? places.get(id),
                ])
            );
            column.sort((a, b) => wishes.get(a) - wishes.get(b));
            number(column);
        }
    }
}

/**
 * Returns heights as near to the wishes as they can be at a distance from each other:
 * neighbours that wish for the same place share their mean.
 */
function spread(wishes, distance) {
    const blocks = [];
    wishes.forEach((wish, i) => {
        let block = {sum: wish - i * distance, count: 1};
        while (
            blocks.length &&
            blocks.at(-1).sum / blocks.at(-1).count > block.sum / block.count
        ) {
            const last = blocks.pop();
            block = {sum: last.sum + block.sum, count: last.count + block.count};
        }
        blocks.push(block);
    });
    const heights = [];
    for (const {sum, count} of blocks) {
        for (let i = 0; i < count; i++) {
            heights.push(sum / count + heights.length * distance);
        }
    }
    return heights;
}

function setHeights(columns, {before, after}) {
    const heights = new Map();
    const distance = HEIGHT + GAP_Y;
    const widths = columns.map((column) => Math.ceil(column.length / LONGEST));
    columns.forEach((column, i) =>
        column.forEach((id, j) => {
            const rows = Math.ceil(column.length / widths[i]);
            heights.set(id, (Math.floor(j / widths[i]) - (rows - 1) / 2) * distance);
        })
    );
    for (const isForth of [true, false, true]) {
        const neighbours = isForth ? before : after;
        columns.forEach((column, i) => {
            if (widths[i] > 1) {
                return;
            }
            const wishes = column.map(
                (id) => getMean(neighbours.get(id), heights) ?? heights.get(id)
            );
            spread(wishes, distance).forEach((y, j) => heights.set(column[j], y));
        });
    }
    return {heights, widths};
}

/**
 * Returns the middle of each node, ``id → {x, y}``.
 *
 * @param {Object[]} nodes with ``id``, ``kind`` and ``level``
 * @param {Object[]} links with ``source`` and ``target``
 */
export function layOut(nodes, links) {
    const neighbours = getNeighbours(nodes, links);
    const ranks = getRanks(nodes, neighbours);
    tighten(nodes, ranks, neighbours);
    setPartnersApart(nodes, ranks);
    const columns = getColumns(nodes, ranks);
    order(columns, neighbours);
    const {heights, widths} = setHeights(columns, neighbours);
    const positions = new Map();
    let left = 0;
    columns.forEach((column, i) => {
        column.forEach((id, j) => {
            const x = left + (j % widths[i]) * (WIDTH + GAP_Y);
            positions.set(id, {x, y: heights.get(id)});
        });
        left += widths[i] * (WIDTH + GAP_Y) + GAP_X;
    });
    return positions;
}
