from . import dates
from . import blocking
from . import requirement
from . import fefo
from . import near_expiry
from . import look_ahead
from . import settings
