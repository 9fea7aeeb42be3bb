from . import genealogy
from . import tracing
from . import record
from . import recall
from . import registration
from . import settings
