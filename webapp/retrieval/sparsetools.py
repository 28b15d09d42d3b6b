"""SciPy's products of sparse arrays, without the rest of SciPy.

They are functions of one extension module. Importing it by its name imports `scipy.sparse` first, which takes longer
than everything else that an answer from a saved index needs, and none of which an answer uses. So the module is loaded
from its file; whoever imports it by its name later gets the same one.
"""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from typing import Any

__all__ = ["csc_matvec", "csr_matvecs", "csr_tocsc"]

_NAME = "scipy.sparse._sparsetools"


def _module() -> Any:
    """Return the extension module: the one that is there, from its own file, or as SciPy imports it."""
    if _NAME not in sys.modules:
        scipy = find_spec("scipy")
        folders = scipy.submodule_search_locations if scipy is not None else None
        spec = PathFinder.find_spec(_NAME, [str(Path(folder) / "sparse") for folder in folders or ()])
        if spec is not None and spec.loader is not None:
            module = module_from_spec(spec)
            sys.modules[_NAME] = module
            spec.loader.exec_module(module)
            return module
    from scipy.sparse import _sparsetools

    return _sparsetools


_found = _module()
csc_matvec, csr_matvecs, csr_tocsc = _found.csc_matvec, _found.csr_matvecs, _found.csr_tocsc
