from . import audit_entry
from . import audit_head
from . import audit_mixin
from . import guarded_mixin
from . import signature
from . import approval
