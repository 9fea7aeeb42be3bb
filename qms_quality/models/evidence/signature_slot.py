from typing import NamedTuple

from odoo.models import BaseModel


class Slot(NamedTuple):
    """One signature that an action asks for.

    Either anybody of ``group`` can give it, or ``user`` alone. ``meanings`` are those
    that count, all of them where it is empty.
    """

    key: tuple
    group: BaseModel
    user: BaseModel
    meanings: BaseModel
    comment_required: bool

    def is_open_to(self, user):
        """Tell whether ``user`` may give this signature.

        :param user: ``res.users``
        """
        return user == self.user if self.user else self.group in user.all_group_ids

    def takes_meaning(self, meaning):
        """Tell whether a signature with this meaning counts.

        :param meaning: ``qms.signature.meaning``
        """
        return not self.meanings or meaning in self.meanings

    def accepts(self, signature):
        """Tell whether a signature counts. Who has left the group doesn't any more.

        :param signature: ``qms.signature``
        """
        return (
            self.is_open_to(signature.user_id)
            and self.takes_meaning(signature.meaning_id)
            and (not self.comment_required or bool(signature.comment))
        )


def match(slots, candidates):
    """Give each user at most one slot, so that as many as possible are filled.

    :param list slots: what is asked for
    :param dict candidates: ``{user: numbers of the slots he can fill}``
    :return dict: ``{number of the slot: user}``
    """
    filled = {}

    def _place(user, tried):
        for number in candidates[user]:
            if number in tried:
                continue
            tried.add(number)
            if number not in filled or _place(filled[number], tried):
                filled[number] = user
                return True
        return False

    for user in candidates:
        _place(user, set())
    return filled
