from . import audit
from . import certificate
from . import supplier_claim
