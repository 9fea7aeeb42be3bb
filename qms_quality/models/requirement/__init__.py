from . import attribute
from . import card
from . import document
from . import checking
from . import deviation
from . import matrix
