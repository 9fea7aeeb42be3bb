from . import recall
from . import trace
