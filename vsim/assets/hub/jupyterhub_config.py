"""An example of a configuration for JupyterHub: each learner finds the handouts of one course in the home folder.

What was tried and what was not: vsim's tests run the hook below on a folder; no hub has ever run with this file. Read
each line before you use it, and try it with two accounts of your own first.

Learners are accounts of the machine whose names are the ids of the roster. The course folder belongs to the trainer and
is readable to nobody else (chmod 700): it holds solutions, the secret key and everybody's work.

  vsim course release UNIT                   handouts/<unit>/<learner>.zip; the hook unpacks them at the next login
  vsim course collect UNIT /home/*/UNIT      takes in what lies in the home folders; the ticket says whose it is
  vsim course grade UNIT                     as always, outside of the hub

With nbgrader's own exchange instead of the second line: put it outside of the course folder, in the course's own
nbgrader_config.py below `configure` and in /etc/jupyter/nbgrader_config.py for the learners,

  c.Exchange.root = "/srv/nbgrader/exchange"
  c.CourseDirectory.course_id = "@name@"

release with `vsim course release UNIT --exchange`; learners then submit in the list of assignments, and `nbgrader
collect UNIT` takes it in. What is fetched there has no data; the folder that the hook has unpacked has.
"""

import os
import pwd
import subprocess
import sys
from pathlib import Path

COURSE = Path("@course@")
TRAINERS = {"trainer"}

# Runs as the learner, never as root: what a learner has put into the home folder, links too, can lead nowhere else.
UNPACK = """
import io, os, sys, zipfile
with zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read())) as handout:
    names = handout.namelist()
    if not any(os.path.lexists(name.split("/")[0]) for name in names):
        handout.extractall(".")
"""


def hand_out(spawner):
    """Unpack the learner's handouts into the home folder; a unit that is there already is left alone."""
    account = pwd.getpwnam(spawner.user.name)
    who = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    for handout in sorted(COURSE.glob(f"handouts/*/{spawner.user.name.lower()}.zip")):
        subprocess.run(
            [sys.executable, "-I", "-c", UNPACK], input=handout.read_bytes(), cwd=account.pw_dir, check=False,
            timeout=60, **who,
        )


c = get_config()  # noqa: F821
c.JupyterHub.bind_url = "http://127.0.0.1:8000"              # behind a web server that speaks HTTPS
c.JupyterHub.authenticator_class = "pam"                     # accounts of the machine
c.Authenticator.admin_users = TRAINERS
c.Authenticator.allow_all = True                             # every account of the machine; or allowed_users = {...}
c.Spawner.pre_spawn_hook = hand_out
c.Spawner.default_url = "/lab"
c.Spawner.environment = {"VSIM_LANG": "@lang@", "LANG_UI": "@lang@"}
c.Spawner.mem_limit = "2G"                                   # holds where the spawner can hold it, such as systemd's
