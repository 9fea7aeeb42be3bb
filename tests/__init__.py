from . import test_zz_mutations
