"""Splits bytes into chunks."""

import itertools
from collections.abc import Iterable


def pieces(body: bytes, cuts: Iterable[int]) -> list[bytes]:
    """The body, split at these positions. Equal positions give an empty chunk."""
    places = [0, *sorted(cut for cut in cuts if cut <= len(body)), len(body)]
    return [body[start:end] for start, end in itertools.pairwise(places)]
