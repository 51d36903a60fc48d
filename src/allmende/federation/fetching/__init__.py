"""Getting the bytes: from a directory, an archive, a list of addresses or one file; bounded in time and size.

Every way yields `Fetched` records, one at a time, so that memory does not grow with the source. What hinders the
whole source (it is not there, it does not answer) is a `SourceProblem`; what hinders one record travels with it.
"""

from allmende.federation.fetching.base import Conditions, Fetched, Limits, SourceProblem
from allmende.federation.fetching.ways import fetch

__all__ = ["Conditions", "Fetched", "Limits", "SourceProblem", "fetch"]
