"""Tables whose columns of text are text also where they have no row, so that arms compare and books append."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def with_texts(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return tables with each column of objects turned into text."""
    return {
        name: frame.astype({column: "str" for column in frame if frame[column].dtype.kind == "O"})
        for name, frame in tables.items()
    }
