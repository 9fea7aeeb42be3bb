"""Checks the chain of the seals themselves. Python's own library only."""

try:
    from . import audit_seal_file
except ImportError:  # run without Odoo
    import audit_seal_file


class SealCheck:
    """The seals with what is wrong about them.

    ``sound`` are those whose content fits their hash; ``findings`` and ``notes`` are
    sentences.
    """

    def __init__(self, seals, keys=()):
        # a dict that has its computed hash need not have its lists
        self.keys, self.findings, self.notes = list(keys), [], []
        # without copies of the same seal, such as one mailed and one in the folder
        unique = {self._get_identity(sealed): sealed for sealed in seals}
        different = sorted(unique.items(), key=lambda pair: pair[1]["seal"]["number"])
        self.seals = [sealed for _identity, sealed in different]
        self.sound = [
            s for (computed, digest, _sig), s in different if computed == digest
        ]

    def _get_identity(self, sealed):
        computed = sealed.get("computed") or audit_seal_file.seal_hash(sealed["seal"])
        return computed, sealed["hash"], sealed["signature"]

    def run(self):
        """Fill ``findings`` and ``notes``."""
        self._check_content()
        self._check_chain()
        self._check_signatures()
        if self.seals:
            last = self.seals[-1]["seal"]
            self.notes.append(
                f"the latest seal is number {last['number']} of"
                f" {last['date']} UTC: make sure that there is no later one"
            )
        else:
            self.notes.append(
                "there are no seals: nothing outside the database vouches"
                " for these entries"
            )
        return self

    def _check_content(self):
        sound = {id(sealed) for sealed in self.sound}
        for sealed in self.seals:
            if id(sealed) not in sound:
                number = sealed["seal"]["number"]
                self.findings.append(f"seal {number} was ALTERED ({sealed['file']})")

    def _check_chain(self):
        number, digest = 0, ""
        for sealed in self.seals:
            seal = sealed["seal"]
            if seal["number"] <= number:
                self.findings.append(f"there are two different seals {number}")
            elif seal["number"] > number + 1:
                self.findings.append(self._describe_missing(number + 1, seal["number"]))
            elif seal["prev_hash"] != digest:
                self.findings.append(
                    f"seal {seal['number']} does not follow seal {number}: one of them"
                    " was made anew"
                )
            number, digest = seal["number"], sealed["hash"]
        databases = {sealed["seal"]["database"] for sealed in self.seals}
        if len(databases) > 1:
            self.findings.append("the seals are of different databases")

    def _describe_missing(self, first, following):
        last = following - 1
        if first == last:
            return f"seal {first} is MISSING"
        return f"seals {first} to {last} are MISSING"

    def _check_signatures(self):
        if not audit_seal_file.can_sign():
            if any(sealed["signature"] for sealed in self.seals):
                self.notes.append(
                    "signatures were NOT CHECKED: the Python package"
                    " 'cryptography' is not installed"
                )
            return
        since = 0
        for sealed in self.seals:
            if self._check_signature(sealed, since):
                since = since or sealed["seal"]["number"]
        self._note_signatures(since)

    def _check_signature(self, sealed, since):
        """Check one signature; return whether the seal has a good one."""
        number, printed = sealed["seal"]["number"], sealed["seal"]["public_key"]
        if not printed and not sealed["signature"]:
            if since:
                self.findings.append(
                    f"seal {number} is NOT SIGNED, though seal {since} is"
                )
            return False
        if not any(
            audit_seal_file.is_signed_by(sealed, key) for key in self.keys or [printed]
        ):
            self.findings.append(f"the signature of seal {number} is WRONG")
            return False
        return True

    def _note_signatures(self, since):
        if self.keys and not since:
            self.findings.append("no seal is signed with the given key")
        elif self.keys and since > 1:
            self.notes.append(f"seals before {since} are not signed")
        elif since:
            self.notes.append(
                "signatures fit the keys that the seals print; give --key"
                " to know that the key is yours"
            )


def check_seals(seals, keys=()):
    """Check seals and their chain.

    :param seals: dicts as read by ``audit_seal_file``
    :param keys: public keys that may have signed them, as base64; if empty, those that
        the seals print
    :return: the :class:`SealCheck`
    """
    return SealCheck(seals, keys).run()
