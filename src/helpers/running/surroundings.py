"""What processes of a run see of the machine and of its user's settings: as little as they can.

A run must give the same bytes whatever the home folder of its user holds. JupyterLab (`make lab`) is the
researcher's own, and keeps the settings.
"""

import importlib.util
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .. import paths

_KEPT = {"PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX", "PYTHONHOME"}  # which reach no result
_DROPPED = {
    "SNAKEMAKE_PROFILE",  # a profile counts when it is asked for by an argument
    "MPLBACKEND",
    *("BASH_ENV", "ENV"),  # what a shell runs before a command
    *("JUPYTER_PATH", "JUPYTER_CONFIG_PATH", "JUPYTER_PLATFORM_DIRS"),
}


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """While it lasts, processes that this one starts see none of the user's settings that reach results.

    They take this Python and the modules of this checkout, text is UTF-8, IPython and Jupyter find empty
    folders in `folder`, and matplotlib its own defaults.
    """
    before = dict(os.environ)
    try:
        for name in before:
            if name in _DROPPED or name.startswith("PYTHON") and name not in _KEPT:
                del os.environ[name]
        os.environ |= _own(folder)
        yield
    finally:
        os.environ.clear()
        os.environ |= before


def _own(folder: Path) -> dict[str, str]:
    """The variables that a run sets."""
    matplotlib = importlib.util.find_spec("matplotlib")  # not imported, as that takes a while
    defaults = Path(str(matplotlib and matplotlib.origin)).parent / "mpl-data" / "matplotlibrc"
    programs = [str(Path(sys.executable).parent), *filter(None, [os.environ.get("PATH")])]
    pandoc = importlib.util.find_spec("pypandoc")
    ours = Path(str(pandoc and pandoc.origin)).parent / "files" / "pandoc"
    bundled = {"PYPANDOC_PANDOC": str(ours)} if ours.is_file() else {}  # whatever else is on the machine
    return bundled | {
        "PATH": os.pathsep.join(programs),
        "PYTHONPATH": str(paths.ROOT / "src"),
        "PYTHONUTF8": "1",
        "PYTHONNOUSERSITE": "1",
        "LC_ALL": "C.UTF-8",
        "MATPLOTLIBRC": str(defaults),  # the folder of its caches stays the user's
        "IPYTHONDIR": str(folder / "ipython"),
        "JUPYTER_CONFIG_DIR": str(folder / "jupyter"),
        "JUPYTER_DATA_DIR": str(folder / "jupyter"),
        "JUPYTER_PREFER_ENV_PATH": "1",  # the kernel is that of this environment
    }


def text_streams() -> None:
    """Let messages of this process hold whatever stood in a cell, also where the terminal cannot show it."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def purpose(docstring: str | None) -> str:
    """The first line of a module's docstring, which Python drops when it optimises."""
    return (docstring or "").partition("\n")[0]
