from . import deviation
