"""`python -m tests.references`: published numbers beside ours, as a table."""

from __future__ import annotations

from pathlib import Path

import yaml

from tests.references.cases import CASES


def main() -> None:
    rows = yaml.safe_load(Path(__file__).with_name("published.yaml").read_text(encoding="utf-8"))
    print("| data | estimator | source | published | ours |\n| --- | --- | --- | ---: | ---: |")
    for row in rows:
        value, se = CASES[row["id"]]()
        digits = row["digits"]
        theirs = f"{row['value']:.{digits}f}" + (f" ({row['se']:.{digits}f})" if "se" in row else "")
        ours = f"{value:.{digits}f}" + (f" ({se:.{digits}f})" if "se" in row and se is not None else "")
        print(f"| {row['data']} | `{row['estimator']}` | {row['source']} | {theirs} | {ours} |")


if __name__ == "__main__":
    main()
