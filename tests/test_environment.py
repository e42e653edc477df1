"""pyproject.toml, requirements.lock and environment.yml say the same."""

import os
import re
import shutil
import subprocess
import tomllib

import pytest
from packaging.requirements import Requirement

from helpers import paths

LOCK = (paths.ROOT / "requirements.lock").read_text(encoding="utf-8")
PINNED = {
    name.lower(): version for name, version in re.findall(r"^([A-Za-z0-9_.-]+)==(\S+)", LOCK, re.MULTILINE)
}
PROJECT = tomllib.loads((paths.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CHOSEN = ["jupyterlab", "pandas", "seaborn", "statsmodels", "nbconvert", "papermill"]
MEND = "uv pip compile --universal --fork-strategy fewest --generate-hashes --all-extras --python-version 3.11 --no-header -o requirements.lock pyproject.toml"


def requirements():
    extras = PROJECT["optional-dependencies"]
    return [Requirement(r) for r in PROJECT["dependencies"] + extras["test"] + extras["build"]]


@pytest.mark.parametrize("requirement", requirements(), ids=lambda r: r.name)
def test_the_lock_pins_what_the_project_asks_for(requirement):
    name = requirement.name.lower().replace("_", "-")
    assert name in PINNED and requirement.specifier.contains(PINNED[name]), f"mend with: {MEND}"


def test_every_pin_has_hashes_and_no_place_of_download():
    blocks = re.split(r"^(?=\S+==)", LOCK, flags=re.MULTILINE)[1:]
    assert len(blocks) > 100
    assert all("--hash=sha256:" in block for block in blocks)
    assert "://" not in LOCK and "--index" not in LOCK and "--find-links" not in LOCK


def test_environment_yml_names_the_same_versions():
    text = (paths.ROOT / "environment.yml").read_text(encoding="utf-8")
    named = dict(re.findall(r"^  - ([a-z-]+)=([\w.]+)$", text, re.MULTILINE))
    assert set(named) == {"python", *CHOSEN}
    assert {name: PINNED[name] for name in CHOSEN} == {name: named[name] for name in CHOSEN}
    assert named["python"] in PROJECT["requires-python"]
    assert "- -r requirements.lock" in text and "conda-forge" in text


def test_every_dependency_says_why_it_is_there():
    text = (paths.ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for requirement in requirements():
        line = next(line for line in text.splitlines() if line.strip().startswith(f'"{requirement.name}'))
        assert re.search(r"# \w+", line), line


# -- other people's machines -----------------------------------------------------------------------------------


@pytest.fixture
def made_in(tmp_path):
    """made_in(name, *arguments): make in a folder of that name, whose Python says what it is asked to do."""

    def make(name: str, *arguments: str) -> subprocess.CompletedProcess:
        folder = tmp_path / name
        (folder / ".venv/bin").mkdir(parents=True)
        for file in ("Makefile", "requirements.lock", "pyproject.toml"):
            shutil.copy(paths.ROOT / file, folder)
        python = folder / ".venv/bin/python"
        python.write_text('#!/bin/sh\necho "asked: $*"\n', encoding="utf-8")
        python.chmod(0o755)
        (folder / ".venv/ready").touch()
        return subprocess.run(
            ["make", *arguments], cwd=folder, capture_output=True, text=True, encoding="utf-8"
        )

    return make


@pytest.mark.skipif(not shutil.which("make"), reason="needs make")
@pytest.mark.parametrize("name", ["赣州 und mehr", "a$HOME$(b)", 'it\'s #1 {50%} & "more"', "-n"])
def test_make_works_under_whatever_name_the_checkout_lies(made_in, name):
    done = made_in(name, "report", "CORES=2", "STRICT=1")
    assert done.returncode == 0, done.stderr
    asked = [line for line in done.stdout.splitlines() if line.startswith("asked: ")]
    assert asked == ["asked: -m helpers check --strict", "asked: -m helpers.running.pipeline --cores 2"]


@pytest.mark.skipif(not shutil.which("make"), reason="needs make")
def test_make_says_in_one_line_where_no_environment_can_be_made(made_in):
    done = made_in("a:b", "report")
    assert done.returncode and len(done.stderr.splitlines()) == 1
    assert "Python cannot make an environment under a name with a colon" in done.stderr


@pytest.mark.skipif(not shutil.which("git"), reason="needs git")
def test_a_checkout_on_a_system_of_other_line_ends_changes_no_byte(tmp_path):
    origin = tmp_path / "origin"
    origin.mkdir()
    files = {
        "unix.sh": b"a\nb\n",
        "dos.csv": b"a\r\nb\r\n",
        "mixed.txt": b"a\r\nb\n",
        "font.otf": b"OTTO\0\n\r\n",
    }
    files[".gitattributes"] = (paths.ROOT / ".gitattributes").read_bytes()
    for name, content in files.items():
        (origin / name).write_bytes(content)
    settings = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "core.autocrlf=true"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "a"], ["clone", "-q", ".", "../clone"]):
        plain = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        subprocess.run(["git", *settings, *command], cwd=origin, check=True, env=plain)
    assert {name: (tmp_path / "clone" / name).read_bytes() for name in files} == files


def test_actions_of_others_are_pinned_by_their_commit():
    for file in (paths.ROOT / ".github/workflows").iterdir():
        for used in re.findall(r"uses: (.*)", file.read_text(encoding="utf-8")):
            assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v[0-9]+\.[0-9]+\.[0-9]+", used), used
