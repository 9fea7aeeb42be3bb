from . import stock_picking_confirm
