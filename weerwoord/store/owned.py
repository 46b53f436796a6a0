"""Which rows belong to somebody, or to a talk: derived from the foreign keys, so that no new table is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from weerwoord.store.tables import METADATA


def belonging(root: sa.Table, condition: Any) -> Iterator[tuple[sa.Table, Any]]:
    """The tables that lead to rows of a table by their foreign keys, each with the condition that finds its rows.

    Args:
        root: the table itself; it comes first.
        condition: which of its rows.
    """
    conditions: dict[sa.Table, Any] = {root: condition}
    for table in METADATA.sorted_tables:
        ways = [
            sa.tuple_(*key.columns).in_(
                sa.select(*(e.column for e in key.elements)).where(conditions[key.referred_table])
            )
            for key in table.foreign_key_constraints
            if key.referred_table in conditions
        ]
        if ways and table is not root:
            conditions[table] = sa.or_(*ways)
    yield from conditions.items()
