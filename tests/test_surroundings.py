"""A run gives the same bytes whatever its user's home, shell and locale hold."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from checkouts import start, twin
from test_runs import book

from helpers import paths
from helpers.running import pipeline, surroundings

SHOWS = (  # the settings of plots, a function that a startup file changes, where modules come from, the kernel
    "import matplotlib, statistics, sys\n"
    "print(matplotlib.rcParams['lines.linewidth'], matplotlib.rcParams['savefig.dpi'], round(2.7, 1))\n"
    "print(statistics.mean([1, 2]), sys.flags.optimize, sys.stdout.encoding, matplotlib.get_backend())\n"
    "print([name for name in ('site_of_user', 'startup_of_user') if name in globals() or name in sys.modules])"
)


def hostile(home: Path) -> dict[str, str]:
    """A home folder of settings that each would change what a notebook shows, and variables that name them."""
    startup = "import builtins\nstartup_of_user = 1\nbuiltins.round = lambda *_: 461.9\n"
    files = {
        ".config/matplotlib/matplotlibrc": "lines.linewidth: 17\n",
        "elsewhere/matplotlibrc": "lines.linewidth: 18\nsavefig.dpi: 17\n",
        ".ipython/profile_default/startup/00.py": startup,
        ".ipython/profile_default/ipython_kernel_config.py": f"c.InteractiveShellApp.exec_lines = [{startup!r}]\n",
        "startup.py": startup,
        "modules/statistics.py": "mean = lambda _: 461.9\n",
        "modules/site_of_user.py": "",
        ".local/share/jupyter/kernels/python3/kernel.json": json.dumps(
            {"argv": ["false", "{connection_file}"], "display_name": "Other", "language": "python"}
        ),
        ".jupyter/jupyter_config.py": "c.KernelManager.kernel_cmd = ['false']\n",
        "profile/profile.yaml": "forceall: true\n",
        "bashrc": "exit 3\n",
    }
    for name, text in files.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text, encoding="utf-8")
    named = {
        "HOME": "", "MATPLOTLIBRC": "elsewhere/matplotlibrc", "PYTHONSTARTUP": "startup.py", "BASH_ENV": "bashrc",
        "SNAKEMAKE_PROFILE": "profile", "JUPYTER_PATH": ".local/share/jupyter", "IPYTHONDIR": ".ipython",
    }  # fmt: skip
    return {name: str(home / place) for name, place in named.items()} | {"MPLBACKEND": "pdf"}


@pytest.mark.slow
def test_a_notebook_shows_the_same_whatever_the_home_of_its_user_holds(tmp_path):
    source = book(tmp_path / "a.ipynb", "x = 1", SHOWS)
    settings = hostile(tmp_path / "home")
    made = {}
    for name, theirs in {
        "plain": {},
        "theirs": settings
        | {"LC_ALL": "C", "PYTHONPATH": f"{paths.ROOT / 'src'}:{tmp_path / 'home' / 'modules'}"},
    }.items():
        command = [sys.executable, "-m", "helpers.running.runs", str(source), f"{name}.ipynb"]
        done = subprocess.run(command, cwd=tmp_path, env=os.environ | theirs, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        made[name] = (tmp_path / f"{name}.ipynb").read_bytes()
    assert made["theirs"] == made["plain"]
    assert b"461.9" not in made["plain"] and b"17.0" not in made["plain"]


def test_only_processes_of_a_run_lose_the_settings_and_only_while_it_lasts(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONSTARTUP", "theirs")
    monkeypatch.setenv("PATH", "/theirs")
    before = dict(os.environ)
    with surroundings.alone(tmp_path):
        assert "PYTHONSTARTUP" not in os.environ and os.environ["PYTHONPATH"] == str(paths.ROOT / "src")
        assert os.environ["PATH"] == f"{Path(sys.executable).parent}{os.pathsep}/theirs"
        assert Path(os.environ["MATPLOTLIBRC"]).is_file()
    assert dict(os.environ) == before


@pytest.fixture
def checkout(built, tmp_path):
    return twin(built, tmp_path / "赣州")


@pytest.mark.slow
def test_a_profile_of_snakemake_counts_only_if_it_is_asked_for(checkout, tmp_path, monkeypatch):
    for name, value in hostile(tmp_path / "home").items():
        monkeypatch.setenv(name, value)
    shutil.copytree(tmp_path / "home" / "profile", checkout / "profiles" / "default")
    options = ["--dry-run"]
    for asked, said in (
        ([], "Nothing to be done"),
        (["--profile", str(tmp_path / "home/profile")], "front_page"),
    ):
        (checkout / "said").unlink(missing_ok=True)
        assert start(checkout, options=[*options, *asked]).wait() == 0
        assert said in (checkout / "said").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
def test_pages_are_the_same_bytes_in_every_locale_and_folder(checkout, built, locale):
    settings = {"LC_ALL": locale, "PYTHONPATH": "src", "TMPDIR": str(checkout / "notebooks")}
    page = checkout / "build/reports/profile_ganzhou.html"
    page.unlink()
    for command in (
        ["-m", "helpers.running.exports", "build", "profile_ganzhou"],
        ["-m", "nbconvert", "--log-level=ERROR", "--to=report_html", "build/notebooks/profile_ganzhou.ipynb",
         "--output-dir=by-hand"],
    ):  # fmt: skip
        done = subprocess.run(
            [sys.executable, *command], cwd=checkout, env=os.environ | settings, capture_output=True
        )
        assert done.returncode == 0, done.stderr
    made = (built / "build/reports/profile_ganzhou.html").read_bytes()
    assert "Ganzhou (赣州)".encode() in made
    assert page.read_bytes() == made
    # by hand nobody knows the other notebooks, to which pages lead
    by_hand = (checkout / "by-hand/profile_ganzhou.html").read_bytes()
    assert re.search(b"<main.*</main>", by_hand, re.DOTALL)[0] in made
    pdf = "build/reports/profile_ganzhou.pdf"
    assert (checkout / pdf).read_bytes() == (built / pdf).read_bytes()


@pytest.mark.parametrize("module", ["helpers", "helpers.running.pipeline"])
def test_commands_work_where_python_drops_docstrings_and_asserts(module):
    settings = os.environ | {"PYTHONOPTIMIZE": "2"}
    command = [sys.executable, "-m", module, "--help"]
    done = subprocess.run(command, env=settings, capture_output=True, text=True, cwd=paths.ROOT)
    assert done.returncode == 0 and "usage:" in done.stdout, done.stderr


def test_pages_are_made_by_the_pandoc_of_this_environment(tmp_path, monkeypatch):
    other = tmp_path / "home" / "bin" / "pandoc"
    other.parent.mkdir(parents=True)
    other.write_text("#!/bin/sh\necho pandoc 99.0\n")
    other.chmod(0o755)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    with surroundings.alone(tmp_path):
        used = "import pypandoc; print(pypandoc.get_pandoc_path())"
        done = subprocess.run([sys.executable, "-c", used], capture_output=True, text=True, check=True)
    assert Path(done.stdout.strip()).parent.name == "files"


def test_a_page_that_no_entity_or_notebook_has_any_more_is_withdrawn(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "BUILD", tmp_path / "build")
    monkeypatch.setattr(paths, "REPORTS", tmp_path / "reports")
    kept, old = ([f"profile_{name}.html", f"notebooks/profile_{name}.ipynb"] for name in ("ganzhou", "jian"))
    for name in [*kept, *old, "05_of_old.pdf", "index.html"]:
        (tmp_path / "reports" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "reports" / name).write_text("x")
    left = [paths.BUILD / ("" if "/" in name else "reports") / name for name in kept]
    monkeypatch.setattr(pipeline.jobs, "all_outputs", lambda *_: [left])
    assert pipeline.publish() == []
    assert {file.name for file in (tmp_path / "reports").rglob("*.*")} == {
        "index.html", "profile_ganzhou.html", "profile_ganzhou.ipynb"
    }  # fmt: skip
    monkeypatch.setattr(pipeline.jobs, "all_outputs", lambda *_: [])  # nobody knows which there are
    assert pipeline.publish() == [] and (tmp_path / "reports" / "profile_ganzhou.html").exists()
