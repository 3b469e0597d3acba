"""The process that runs the cells of a notebook: this very Python, and nothing of the user's.

No port is opened, no settings or start-up files of Jupyter and IPython are read,
and the environment is that of the programs.
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager

from examples._runner import environment, temporary_folder

TRANSPORT = "tcp" if sys.platform == "win32" else "ipc"


class Kernel(AsyncKernelManager):
    """Starts a kernel, with a folder of its own that is removed when the kernel has ended."""

    def __init__(self, start_method: str | None = None, **more: Any) -> None:
        self.start_method = start_method
        self.folder = tempfile.TemporaryDirectory(prefix="kernel-", dir=temporary_folder())
        more |= {
            "connection_file": str(Path(self.folder.name, "k.json")),
            "kernel_name": NATIVE_KERNEL_NAME,
            "kernel_spec_manager": KernelSpecManager(kernel_dirs=[]),  # leaves that of this Python
            "transport": TRANSPORT,
        }
        super().__init__(**more)

    async def start_kernel(self, **more: Any) -> None:  # type: ignore[override]
        """Start it in an environment that is the same everywhere."""
        home = Path(self.folder.name, "home")
        home.mkdir(exist_ok=True)
        await super().start_kernel(env=environment(home, self.start_method), **more)

    async def cleanup_resources(self, restart: bool = False) -> None:  # type: ignore[override]
        """Remove the folder, too."""
        await super().cleanup_resources(restart)
        self.folder.cleanup()
