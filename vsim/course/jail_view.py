"""What a jail shows of the machine: the system, this Python, its packages and the package vsim, all read-only.

Nothing is shown because it happens to lie beside something else. Of a Python's folder only `bin`, `lib` and the like
are shown, so an environment inside a repository does not bring the repository along; of a checkout of vsim only the
folder of the package. Interpreters are reached through links (an environment, pyenv, alternatives), so the links on the
way are made again.
"""

from __future__ import annotations

import os
import site
import sys
from dataclasses import dataclass
from pathlib import Path

SYSTEM = Path("/usr")
MERGED = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")     # links into /usr on most systems
ETC = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives")
PARTS = ("bin", "lib", "lib32", "lib64", "pyvenv.cfg")          # of the folder of a Python
MOST_LINKS = 40


@dataclass(frozen=True, slots=True)
class View:
    """Folders and files to show read-only, links to make, and folders that hold them."""

    shown: tuple[Path, ...]
    links: tuple[tuple[str, Path], ...]          # target as written, place
    folders: tuple[Path, ...]                    # made beforehand, so that another user may walk through them
    user_base: Path | None = None                # of `pip install --user`

    def covers(self, path: Path) -> bool:
        """Whether a path can be seen in the jail."""
        return within(path, self.shown)


def within(path: Path, roots: tuple[Path, ...] | list[Path]) -> bool:
    """Whether a path is one of the roots or lies in one."""
    return any(path == root or root in path.parents for root in roots)


def links_to(path: Path) -> tuple[list[tuple[str, Path]], Path]:
    """Return every link on the way to a path, as (target, place), and the place where the way ends."""
    links: list[tuple[str, Path]] = []
    todo, at = list(path.parts[1:]), Path(path.anchor)
    while todo and len(links) < MOST_LINKS:
        at = at / todo.pop(0)
        if not at.is_symlink():
            continue
        target = os.readlink(at)
        links.append((target, at))
        joined = Path(os.path.normpath(at.parent / target))
        todo, at = list(joined.parts[1:]) + todo, Path(joined.anchor)
    return links, at


def _prefixes() -> list[Path]:
    """Return the folders of this Python and of its environment, as they are written."""
    found = [sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix]
    return [Path(name) for name in dict.fromkeys(found)]


def _wanted(package: Path) -> tuple[list[Path], Path | None]:
    """Return what has to be shown beside the system, in its own words, and the folder of a user's packages."""
    parts = [prefix / part for prefix in _prefixes() for part in PARTS]
    user_base = None
    if site.ENABLE_USER_SITE and site.USER_SITE and site.USER_BASE and Path(site.USER_SITE).is_dir():
        parts.append(Path(site.USER_SITE))
        user_base = Path(site.USER_BASE)
    return [path for path in (*parts, package) if path.exists()], user_base


def view(package: Path | None = None) -> View:
    """Return what a jail shows of this machine.

    Parameters
    ----------
    package : Path, optional
        The folder of the package vsim; by default the one that this module lies in.
    """
    wanted, user_base = _wanted(package or Path(__file__).resolve().parents[1])
    shown, links = [SYSTEM], {}
    for name in MERGED:
        place = Path("/") / name
        if place.is_symlink():
            links[place] = os.readlink(place)
        elif place.is_dir():
            shown.append(place)
    shown += [path for name in ETC if (path := Path("/etc") / name).exists()]
    ways = [links_to(path) for path in (*wanted, Path(sys.executable), Path(getattr(sys, "_base_executable", "/usr")))]
    for real in (path.resolve() for path in wanted):
        if not within(real, shown):
            shown = [root for root in shown if real not in root.parents] + [real]
    for way, _ in ways:
        links.update({place: target for target, place in way})
    kept = {place: target for place, target in links.items() if not within(place, shown)}
    holders = {parent for path in (*shown, *kept) for parent in path.parents if not within(parent, shown)}
    folders = sorted(holder for holder in holders if holder != Path("/") and holder not in kept)
    return View(
        tuple(shown), tuple((target, place) for place, target in sorted(kept.items())), tuple(folders), user_base,
    )
