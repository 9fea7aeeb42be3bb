import {StockPickFrom} from "@stock/widgets/stock_pick_from";
import {SMLX2ManyField} from "@stock/fields/stock_move_line_x2_many_field";
import {patch} from "@web/core/utils/patch";
import {registry} from "@web/core/registry";

// The server lists goods that meet the requirements of this move first, and says what
// is wrong of the others.
function withMove(context, moveId) {
    return moveId ? {...context, qms_move_id: moveId} : context;
}

patch(SMLX2ManyField.prototype, {
    setup() {
        super.setup();
        const selectCreate = this.selectCreate;
        this.selectCreate = (params) => {
            const {data, resId} = this.props.record;
            const moveId = data.qms_has_requirements && resId;
            return selectCreate({
                ...params,
                context: withMove(params.context, moveId),
            });
        };
    },
});

patch(StockPickFrom.prototype, {
    get m2oProps() {
        const props = super.m2oProps;
        const move = this.props.record.data.move_id;
        return {...props, context: withMove(props.context, move && move.id)};
    },
});

registry
    .category("fields")
    .get("pick_from")
    .fieldDependencies.push({name: "move_id", type: "relation"});
