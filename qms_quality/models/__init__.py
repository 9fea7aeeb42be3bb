from . import evidence
from . import gate
from . import inspection
from . import nonconformance
from . import requirement
from . import settings
