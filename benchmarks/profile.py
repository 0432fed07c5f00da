"""Where the weeks of a county spend their time: `python -m benchmarks.profile` prints shares by stage and function.

Compiled functions have no names in a profile; `perf` samples addresses and `gdb` names them, so both must be installed.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from benchmarks.children import ROOT

COUNTY = 10
SECONDS = 20
LOOP = f"""
import vsim
from vsim.run.district import advance, begin
from vsim.run.nation import nation_of
nation = nation_of(vsim.scenario({str(ROOT / "benchmarks" / "nation_one.yaml")!r}))
unit, settled = nation.settled(nation.districts[{COUNTY}])
advance(unit, settled, nation.key, begin(unit, settled), settled.weeks)
print("ready", unit.people.ids.size, flush=True)
while True:
    advance(unit, settled, nation.key, begin(unit, settled), settled.weeks)
"""
NAME = re.compile(r"vk_[0-9a-f]+(?:::)?(?:\d+)?([a-z_]+?)(?:B\d|\[|\(|E|$)")


def stages() -> dict[str, str]:
    """Return the stem of every kernel function: its file says which part of the week it is."""
    out = {}
    for path in sorted((ROOT / "vsim" / "kernels").glob("*.py")):
        for name in re.findall(r"^def ([a-z_]+)\(", path.read_text(encoding="utf-8"), re.MULTILINE):
            out.setdefault(name, path.stem)
    return out


def function_of(symbol: str) -> str:
    """Return the kernel function of a symbol of the compiled module, or the symbol's own name."""
    if symbol.startswith("No symbol"):
        return "unknown"
    found = NAME.search(symbol)
    return found[1] if found else re.split(r"[\[(<+ ]", symbol, maxsplit=1)[0].split("::")[-1] or "unknown"


def sampled() -> tuple[Counter[str], int]:
    """Return samples by function, and the residents of the county."""
    missing = [tool for tool in ("perf", "gdb") if shutil.which(tool) is None]
    if missing:
        raise SystemExit(f"benchmarks.profile: {' and '.join(missing)} not found; install linux-perf and gdb.")
    with tempfile.TemporaryDirectory(prefix="vsim-profile-") as name:
        folder = Path(name)
        process = subprocess.Popen([sys.executable, "-c", LOOP], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            residents = int(process.stdout.readline().split()[1])
            data = folder / "perf.data"
            subprocess.run(["perf", "record", "-q", "-F", "999", "-p", str(process.pid), "-o", str(data), "--", "sleep",
                            str(SECONDS)], check=True, capture_output=True)
            script = subprocess.run(["perf", "script", "-i", str(data), "-F", "ip"], check=True, capture_output=True,
                                    text=True)
            addresses = Counter(line.strip() for line in script.stdout.splitlines() if line.strip())
            asked = folder / "asked"
            asked.write_text("".join(f"info symbol 0x{address}\n" for address in addresses), encoding="utf-8")
            said = subprocess.run(["gdb", "-batch", "-p", str(process.pid), "-x", str(asked)], check=False,
                                  capture_output=True, text=True)
        finally:
            process.kill()
    symbols = [line for line in said.stdout.splitlines() if " in section " in line or line.startswith("No symbol")]
    if len(symbols) != len(addresses):
        raise SystemExit(f"benchmarks.profile: gdb named {len(symbols)} of {len(addresses)} addresses; may it attach "
                         "to a process here?")
    out: Counter[str] = Counter()
    for symbol, count in zip(symbols, addresses.values(), strict=True):
        out[function_of(symbol)] += count
    return out, residents


def main() -> None:
    counts, residents = sampled()
    whole = counts.total()
    owner = stages()
    by_stage: Counter[str] = Counter()
    for name, count in counts.items():
        by_stage[owner.get(name, "elsewhere")] += count
    print("# Where the weeks spend their time\n\nWritten by `python -m benchmarks.profile`.\n")
    print(f"{whole:,} samples of the weeks of a county of {residents:,} where one in a hundred serves in a week")
    print("\n| part of the week (file of vsim/kernels) | share | functions |\n| --- | ---: | --- |")
    for stage, count in by_stage.most_common():
        if count < whole / 200:
            continue
        parts = ", ".join(f"{name} {100 * n / whole:.1f}" for name, n in counts.most_common()
                          if owner.get(name, "elsewhere") == stage and n >= whole / 200)
        print(f"| {stage} | {100 * count / whole:.1f} % | {parts} |")


if __name__ == "__main__":
    main()
