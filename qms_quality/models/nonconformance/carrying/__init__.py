from . import disposition_scrap
from . import disposition_use_as_is
from . import disposition_return_production
from . import disposition_donate
from . import disposition_downgrade
from . import disposition_sort
from . import disposition_customer
