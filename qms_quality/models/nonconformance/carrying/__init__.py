from . import disposition_scrap
from . import disposition_use_as_is
