"""
Flows in whole persons.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse


def whole_persons(persons: sparse.csr_array) -> sparse.csr_array:
    """
    Round flows to whole persons by largest remainder, row by row.

    Each row keeps its sum, rounded to a whole number; among equal remainders the town further up
    the list is served first. Columns may change by a few persons.

    Parameters
    ----------
    persons
        Flows, persons, shape ``(n_towns, n_towns)``, 0 or more.

    Returns
    -------
    scipy.sparse.csr_array
        Whole persons, same shape and type.
    """
    # A whisker under a whole number is that number: sums of doubles seldom come out even.
    floors = np.floor(persons.data + 1e-9)
    remainders = persons.data - floors
    whole = floors.copy()
    for start, stop in zip(persons.indptr[:-1], persons.indptr[1:], strict=True):
        missing = round(float(persons.data[start:stop].sum())) - int(floors[start:stop].sum())
        first = np.lexsort((persons.indices[start:stop], -remainders[start:stop]))[:missing]
        whole[start + first] += 1
    rounded: sparse.csr_array = persons.copy()
    rounded.data = whole
    rounded.eliminate_zeros()
    return rounded
