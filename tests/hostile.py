"""What nobody would send, for hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st


def values(text: st.SearchStrategy[str]) -> st.SearchStrategy[object]:
    """Any value of JSON, with such texts in it."""
    return st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | text,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=6,
    )
