"""pyproject.toml, requirements.lock and environment.yml say the same."""

import re
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
