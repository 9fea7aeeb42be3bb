from . import audit
from . import certificate
