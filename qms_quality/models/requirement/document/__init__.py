from . import qrs_document_line
from . import qrs_document_criterion
