from . import disposition
from . import disposition_chain
