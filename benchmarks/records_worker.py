"""Rows a CPU second: vsim's writers beside what a user would pick; `python -m benchmarks.records_worker` prints JSON.

The rows are those of a real run: counties of the nation, 52 weeks, every service and every volunteer. One process, in
rounds, each round every writer once.
"""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

COUNTIES = 4
ROUNDS = 5
CSV_ROWS = 100_000
PEOPLE = 2_000                # of Faker a round
LABELS = {
    "vsim": "services, vsim: Parquet", "pyarrow": "services, pyarrow's defaults: Parquet",
    "pandas": "services, pandas: to_csv", "persons": "volunteers, vsim: made by key and written",
    "faker": "persons, Faker zh_CN: name, address, telephone, date",
}


def tables() -> tuple[Any, list[Any]]:
    """Return the services of some counties as one Arrow table, and what makes the volunteers of each county."""
    import vsim
    from vsim.run.nation import nation_of
    from vsim.run.nation_files import arrow_table

    nation = nation_of(vsim.scenario("nation"))
    parts, counties = [], []
    for district in nation.districts[:COUNTIES]:
        unit, settled, end = nation.run(district)
        mine = np.ones(unit.people.ids.size, dtype=np.bool_)
        parts.append(nation.tables(unit, settled, end, mine, "all")["services"])
        counties.append((unit, end, mine, nation.world_key, nation.scenario.world.districts))
    return arrow_table(parts), counties


def measure() -> list[dict[str, Any]]:
    """Return rows, CPU seconds and bytes of each writer, round by round."""
    import pyarrow.parquet as pq
    from faker import Faker

    from vsim.run.nation_files import arrow_table, write_table
    from vsim.run.nation_people import volunteer_table

    services, counties = tables()
    frame = services.slice(0, CSV_ROWS).to_pandas()
    fake = Faker("zh_CN")

    def persons(path: Path) -> int:
        table = arrow_table([volunteer_table(*county) for county in counties])
        write_table(table, path)
        return table.num_rows

    def faked(path: Path) -> int:
        fake.seed_instance(1)
        rows = [(fake.name(), fake.address(), fake.phone_number(), fake.date()) for _ in range(PEOPLE)]
        path.write_text("\n".join(",".join(row) for row in rows), encoding="utf-8")
        return len(rows)

    def csv(path: Path) -> int:
        frame.to_csv(path, index=False)
        return len(frame)

    def plain(path: Path) -> int:
        pq.write_table(services, path)
        return services.num_rows

    def ours(path: Path) -> int:
        write_table(services, path)
        return services.num_rows

    jobs = {"vsim": ours, "pyarrow": plain, "pandas": csv, "persons": persons, "faker": faked}
    out = []
    with tempfile.TemporaryDirectory(prefix="vsim-bench-") as folder:
        for number in range(ROUNDS + 1):
            for name, job in jobs.items():
                path = Path(folder) / f"{name}.out"
                start = time.process_time()
                rows = job(path)
                spent = time.process_time() - start
                if number:
                    out.append({"writer": name, "rows": rows, "cpu": spent, "bytes": path.stat().st_size})
    return out


if __name__ == "__main__":
    print(json.dumps({"rows": measure()}))
