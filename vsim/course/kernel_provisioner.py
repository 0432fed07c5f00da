"""The provisioner `vsim-jail`: any Jupyter tool that starts kernels starts them in the jail.

It is registered as an entry point, so `JUPYTER_DEFAULT_PROVISIONER_NAME=vsim-jail papermill in.ipynb out.ipynb` jails
papermill's kernel as it stands: a kernel of this Python, whatever kernels are installed and whatever a notebook says
about itself. Where there is no jail it refuses. Grading does not pass through here: `kernel_cell` starts its kernels in
the same way, without Jupyter's manager between.
"""

from __future__ import annotations

import asyncio
import subprocess
from typing import Any, cast

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from vsim.course.jail import require
from vsim.course.kernel_launch import CHANNELS, Launch, Plan
from vsim.course.kernel_watch import LATER, Watch, kill


class JailProvisioner(LocalProvisioner):
    """Start a kernel in the jail, watch it, and take everything away when it has ended."""

    launch: Launch | None = None
    watch: Watch | None = None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Open the sockets, and let the manager know where they are."""
        plan = Plan(require(allow_weak=False))
        manager: Any = self.parent
        self.launch = Launch(plan, manager.session.key.decode("ascii"))
        manager.connection_file = str(self.launch.folder / "outside.json")
        manager.cache_ports = False
        if self.launch.by_sockets:
            manager.transport, manager.ip = "ipc", self.launch.address
            for number, name in enumerate(CHANNELS, 1):
                setattr(manager, f"{name}_port", number)
            self.kernel_spec.interrupt_mode = "message"
        return await super().pre_launch(**kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start the kernel; folder and environment of the caller are left out on purpose."""
        assert self.launch is not None
        bounds = self.launch.plan.bounds
        process = self.launch.start(cmd)
        self.process = cast("Any", process)              # jupyter_client only polls and waits for it
        self.pid = self.pgid = process.pid
        self.watch = Watch(process, bounds.wall + LATER, bounds.memory)
        self.watch.start()
        return self.connection_info

    async def kill(self, restart: bool = False) -> None:
        """Kill everything that the kernel has started."""
        if self.process is not None:
            kill(self.process)

    async def terminate(self, restart: bool = False) -> None:
        """Kill at once: nothing in a jail has anything to say or to save."""
        await self.kill(restart)

    async def cleanup(self, restart: bool = False) -> None:
        """Kill what is left, and take folder, sockets and slot away."""
        await self.kill(restart)
        if self.process is not None:
            try:
                await asyncio.to_thread(self.process.wait, 5)
            except subprocess.TimeoutExpired:
                self.log.warning("The kernel's process %s does not end.", self.pid)
        if self.watch is not None:
            self.watch.stop()
        if self.launch is not None:
            self.launch.close()
        await super().cleanup(restart=restart)
