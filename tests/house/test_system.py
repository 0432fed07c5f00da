"""`.ci/setup-system`: silent when nothing lacks, installs where it can, says what lacks; with CI=true a lack fails."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.house.repo import ROOT

TOOLS = ("sh", "mktemp", "tail", "rm", "touch")
# An apt-get that writes down what it was asked, and on `install` puts the programs and the font in place.
APT = """#!/bin/sh
echo "$*" >>"{folder}/apt.log"
case "$*" in
*install*) [ "{works}" = yes ] || {{ echo "E: Unable to fetch" >&2; exit 100; }}
    for name in chromium bubblewrap; do
        case "$*" in *$name*)
            [ $name = bubblewrap ] && name=bwrap
            printf '#!/bin/sh\\n' >"{folder}/bin/$name"; /bin/chmod +x "{folder}/bin/$name" ;;
        esac
    done
    case "$*" in *fonts-*) touch "{folder}/font" ;; esac ;;
esac
"""


class Machine:
    """A machine that is nothing but a folder of programs."""

    def __init__(self, folder: Path, user: int = 0, apt: str = "yes") -> None:
        self.folder = folder
        self.bin = folder / "bin"
        self.bin.mkdir()
        for name in TOOLS:
            (self.bin / name).symlink_to(shutil.which(name) or name)
        self.program("uname", "echo Linux")
        self.program("id", f"echo {user}")
        self.program("fc-list", f"[ -e {folder}/font ] && echo 'WenQuanYi'; true")
        if apt != "none":
            self.program("apt-get", APT.format(folder=folder, works=apt))

    def program(self, name: str, text: str) -> None:
        path = self.bin / name
        path.write_text(text if text.startswith("#!") else f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)

    def setup(self, ci: str = "", *parts: str) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": str(self.bin), "CI": ci, "TMPDIR": os.fspath(self.folder)}
        return subprocess.run(
            [ROOT / ".ci" / "setup-system", *parts], env=environment, capture_output=True, text=True, timeout=60,
        )

    def asked(self) -> str:
        log = self.folder / "apt.log"
        return log.read_text() if log.exists() else ""


def test_nothing_is_done_or_said_where_nothing_lacks(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.program("chromium", "true")
    machine.program("bwrap", "true")
    (tmp_path / "font").touch()
    done = machine.setup(ci="true")
    assert (done.returncode, done.stdout, done.stderr, machine.asked()) == (0, "", "", "")


def test_what_lacks_is_installed_where_that_is_possible_and_only_once(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    assert machine.setup(ci="true").returncode == 0
    assert "fontconfig chromium fonts-wqy-microhei bubblewrap" in machine.asked()
    before = machine.asked()
    assert machine.setup(ci="true").returncode == 0
    assert machine.asked() == before


@pytest.mark.parametrize(("user", "apt"), [(0, "no"), (1000, "yes"), (0, "none")])
def test_a_lack_is_said_in_words_and_fails_only_a_build_server(tmp_path: Path, user: int, apt: str) -> None:
    machine = Machine(tmp_path, user, apt)
    for ci, code in (("", 0), ("true", 1)):
        done = machine.setup(ci)
        assert done.returncode == code
        assert "lacks Chromium and a Chinese font and bubblewrap" in done.stderr
        assert "skipped" in done.stderr
    assert ("install" in machine.asked()) == (user == 0 and apt == "no")


def test_the_jail_can_be_asked_for_alone(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    done = machine.setup("true", "jail")
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.split()[-1] for line in machine.asked().splitlines()] == ["update", "bubblewrap"]
    assert not any(word in machine.asked() for word in ("chromium", "font"))
    before = machine.asked()
    again = machine.setup("true", "jail")
    assert (again.returncode, again.stdout, machine.asked()) == (0, "", before)


def test_a_lacking_jail_is_said_in_words_and_fails_only_a_build_server(tmp_path: Path) -> None:
    machine = Machine(tmp_path, user=1000)
    for ci, code in (("", 0), ("true", 1)):
        done = machine.setup(ci, "jail")
        assert done.returncode == code
        assert "lacks bubblewrap." in done.stderr
        assert "--allow-weak" in done.stderr
        assert "Chromium" not in done.stderr
    assert machine.asked() == ""


def test_bubblewrap_is_asked_for_on_linux_only(tmp_path: Path) -> None:
    machine = Machine(tmp_path, apt="none")
    machine.program("uname", "echo Darwin")
    machine.program("chromium", "true")
    for parts in ((), ("jail",)):
        done = machine.setup("true", *parts)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_an_unknown_part_is_refused_by_name(tmp_path: Path) -> None:
    done = Machine(tmp_path).setup("", "browser")
    assert done.returncode == 2
    assert "unknown part 'browser'; allowed: jail" in done.stderr
