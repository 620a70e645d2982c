"""Bytes as they may come: cut anywhere."""

import itertools
from collections.abc import Iterable


def pieces(body: bytes, cuts: Iterable[int]) -> list[bytes]:
    """The body, cut at these places; where those are the same, a piece is empty."""
    places = [0, *sorted(cut for cut in cuts if cut <= len(body)), len(body)]
    return [body[start:end] for start, end in itertools.pairwise(places)]
