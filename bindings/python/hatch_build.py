"""Puts the compiled library into the wheel, and says for which machines the wheel is."""

import os
import sysconfig
from pathlib import Path
from typing import Any, Dict

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# As `_native.py` looks for it, on each system.
NAMES = ("libllavero_ffi.so", "libllavero_ffi.dylib", "llavero_ffi.dll")


class Library(BuildHookInterface[Any]):
    """The library that `LLAVERO_LIBRARY` names, for the platform that `LLAVERO_WHEEL_PLATFORM` names or for this one."""

    def initialize(self, version: str, build_data: Dict[str, Any]) -> None:
        """Called before the wheel is written."""
        library = Path(os.environ.get("LLAVERO_LIBRARY", ""))
        if not library.is_file() or library.name not in NAMES:
            raise SystemExit(
                f"LLAVERO_LIBRARY must name the compiled library, one of {', '.join(NAMES)}; "
                "`cargo build --release -p llavero-ffi` makes it"
            )
        platform = os.environ.get("LLAVERO_WHEEL_PLATFORM") or sysconfig.get_platform()
        # Any Python 3 loads the library, but only this kind of machine.
        build_data["pure_python"] = False
        build_data["tag"] = "py3-none-" + platform.replace("-", "_").replace(".", "_")
        build_data["force_include"][str(library)] = f"llavero/{library.name}"
