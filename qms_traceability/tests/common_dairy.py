from .common_genealogy import GenealogyCase


class DairyCase(GenealogyCase):
    """Milk of a farm becomes curd, curd and salt become two cheeses, one is sold."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.curd = cls._make_product("Curd")
        cls.milk_1, cls.milk_2 = cls._receive("M-1", 8), cls._receive("M-2", 2)
        cls._stock_up(100, product=cls.untracked)
        cls.curd_1 = cls._make_lot("K-1", cls.curd)
        cls.curd_order = cls._make(
            4, [cls.curd_1], [(cls.milk_1, 6), (cls.milk_2, 2), (cls.untracked, 1)]
        )
        cls.cheese_1 = cls._make_lot("C-1", cls.cheese)
        cls.cheese_2 = cls._make_lot("C-2", cls.cheese)
        cls._make(2, [cls.cheese_1], [(cls.curd_1, 1)])
        cls._make(6, [cls.cheese_2], [(cls.curd_1, 3)])
        cls.shop = cls.env["res.partner"].create({"name": "Corner Shop"})
        cls.delivery = cls._delivery(
            1, cls.cheese_1, product=cls.cheese, partner_id=cls.shop.id
        )
        cls.delivery.with_user(cls.clerk).button_validate()
        cls.trace = cls.env["qms.trace"].with_user(cls.inspector)

    @classmethod
    def _receive(cls, name, quantity):
        receipt = cls._picking("incoming", quantity)
        receipt.action_confirm()
        receipt.move_line_ids.write({"lot_name": name, "quantity": quantity})
        receipt.move_ids.picked = True
        receipt.with_user(cls.clerk).button_validate()
        return receipt.move_line_ids.lot_id
