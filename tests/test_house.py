"""The house itself: one name for one thing, rooms that only look down, who opens files, imports that do nothing."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import helpers
from helpers.corpus.graph import circle, graph_of

HOUSE = Path(helpers.__file__).parent
FLOORS = [  # a room may import from the floors below it; of the ground floor each from the others too
    {"paths", "vocabulary", "notebooks"},
    {"numerals"},
    {"corpus"},
    {"transcribing", "deriving"},  # which do not know each other
    {"checking"},
    {"reporting"},
    {"running"},
    {"__main__"},
]
ENTRIES = {"main", "run"}  # of a module that does one thing
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}

READS = {"open", "os.open", ".open", ".read_text", ".read_bytes", "pd.read_csv"}
WRITES = {"open", "os.open", ".open", "os.fdopen", ".write_text", ".write_bytes", ".to_csv", "os.replace",
          "os.rename", "shutil.copy", "shutil.copy2", "shutil.copyfile", "shutil.move"}  # fmt: skip
EXCEPTIONS = {  # module and call, and what is read or written there that is nobody's data
    ("deriving.measures", ".read_text"): "the table of measures, which lies beside the module",
    ("reporting.fonts", ".read_text"): "templates, styles and scripts of the pages",
    ("reporting.pages", ".write_text"): "a folder for pandoc that is gone afterwards",
    ("reporting.pages", ".write_bytes"): "pictures in that folder",
    ("reporting.paper", ".write_text"): "a folder for typst that is gone afterwards",
    ("running.runs", ".read_bytes"): "the notebook that was just executed",
    ("running.records", ".read_bytes"): "whatever a job reads or leaves, for its digest",
    ("running.pipeline", ".read_bytes"): "finished files of the build folder, to be published",
    ("running.pipeline", ".write_text"): "the mark of the run that may write",
    ("__main__", ".read_text"): "notebooks",
    ("deriving.intervals", ".read_text"): "the rules of intervals, which are part of the program",
    ("__main__", "os.open"): "the device that swallows what nobody reads",
}


def modules() -> dict[str, ast.Module]:
    """The code of every module, by its name within the package; a package goes by the name of its folder."""
    found = {}
    for file in sorted(HOUSE.rglob("*.py")):
        parts = file.relative_to(HOUSE).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = ast.parse(file.read_text(encoding="utf-8"))
    return found


MODULES = modules()
PACKAGES = {"", *(name.rpartition(".")[0] for name in MODULES)}


def room(module: str) -> str:
    return module.partition(".")[0]


# -- names -------------------------------------------------------------------------------------------------


def public_names(code: ast.Module) -> set[str]:
    """Functions, classes and constants that a module defines at its top level."""
    found = set()
    for node in code.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            found |= {part.id for part in ast.walk(target) if isinstance(part, ast.Name)} if target else set()
    return {name for name in found if not name.startswith("_")}


def test_no_public_name_is_defined_twice():
    """But for entry points, and for folders, which are always named as `paths.RAW`."""
    places: dict[str, list[str]] = {}
    for module, code in MODULES.items():
        for name in public_names(code) - ENTRIES if module != "paths" else ():
            places.setdefault(name, []).append(module)
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def test_folders_are_named_with_paths():
    for module, code in MODULES.items():
        for node in ast.walk(code):
            assert not (isinstance(node, ast.ImportFrom) and node.module == "paths"), module


def test_every_module_and_every_public_function_says_what_it_is():
    silent = [name for name, code in MODULES.items() if not ast.get_docstring(code)]
    for name, code in MODULES.items():
        for node in code.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                silent += [] if ast.get_docstring(node) else [f"{name}.{node.name}"]
    assert silent == []


# -- imports -------------------------------------------------------------------------------------------------


def imported(module: str, code: ast.Module) -> set[str]:
    """The modules of this package that a module imports, wherever in it the import stands."""
    found = set()
    here = module.split(".") if module in PACKAGES else module.split(".")[:-1]
    for node in ast.walk(code):
        if isinstance(node, ast.Import):
            names = [name.name for name in node.names if name.name.partition(".")[0] == "helpers"]
            found |= {name.partition(".")[2] for name in names}
        elif isinstance(node, ast.ImportFrom) and (
            node.level or (node.module or "").split(".")[0] == "helpers"
        ):
            if node.level:
                base = [part for part in here[: len(here) - node.level + 1] if part]
                base += (node.module or "").split(".") if node.module else []
            else:
                base = node.module.split(".")[1:]
            for name in node.names:
                inner = ".".join([*base, name.name])
                found.add(inner if inner in MODULES else ".".join(base))
    return found


IMPORTS = {module: imported(module, code) for module, code in MODULES.items()}


def test_imports_are_read_as_they_stand():
    assert {"corpus.graph", "deriving.formula_language", "corpus.corpus"} <= IMPORTS["deriving.derivations"]
    assert {"paths", "corpus.schema", "corpus.faults"} <= IMPORTS["corpus.corpus"]
    assert "deriving.unit_check" in IMPORTS["deriving.derivations"] and "" not in IMPORTS["checking.claims"]


def test_every_room_has_a_floor_and_no_arrow_leads_up():
    assert {room(module) for module in MODULES} - {""} == set(FLOOR)
    assert IMPORTS[""] == set()  # the package itself imports nothing
    up = [
        (module, other)
        for module, others in IMPORTS.items()
        for other in others
        if module and room(module) != room(other)
        if FLOOR[room(other)] > FLOOR[room(module)] or FLOOR[room(other)] == FLOOR[room(module)] > 0
    ]
    assert up == []


def test_no_circle_of_imports_between_rooms_or_modules():
    rooms = {name: set() for name in FLOOR}
    for module, others in IMPORTS.items():
        if module:
            rooms[room(module)] |= {room(other) for other in others} - {room(module)}
    assert circle(graph_of(rooms)) == []
    assert circle(graph_of(IMPORTS)) == []


# -- files -----------------------------------------------------------------------------------------------------


def calls(code: ast.Module) -> set[str]:
    """What is called that may open a file: `open`, `os.replace`, `.read_text`, … ; `.to_csv` if it gets a path."""
    found = set()
    for node in ast.walk(code):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name):
            found.add(node.func.id)
        elif isinstance(node.func, ast.Attribute):
            owner = getattr(node.func.value, "id", "")
            name = f"{owner}.{node.func.attr}" if owner in ("os", "shutil", "pd") else f".{node.func.attr}"
            path = node.args or any(word.arg == "path_or_buf" for word in node.keywords)
            if name != ".to_csv" or path:
                found.add(name)
    return found & (READS | WRITES)


def opened_elsewhere() -> set[tuple[str, str]]:
    """Modules and calls that open files where only `corpus` reads and only `corpus.files` writes."""
    found = set()
    for module, code in MODULES.items():
        if module == "corpus.files":
            continue
        allowed = READS if room(module) == "corpus" else set()
        found |= {(module, call) for call in calls(code) if call not in allowed or call in WRITES - READS}
    return found


def test_only_the_corpus_reads_and_only_its_files_write():
    assert opened_elsewhere() - set(EXCEPTIONS) == set()


def test_every_exception_is_still_one():
    assert set(EXCEPTIONS) - opened_elsewhere() == set()


def test_what_the_corpus_opens_itself_is_opened_for_reading():
    """`open` is a way to write too; outside `corpus.files` it must name no mode."""
    for module, code in MODULES.items():
        if module == "corpus.files":
            continue
        for node in ast.walk(code):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "open":
                assert len(node.args) == 1 and all(word.arg != "mode" for word in node.keywords), module


# -- what an import does -------------------------------------------------------------------------------------

LOOK = """
import importlib, logging, os, sys, warnings
import matplotlib
def state():
    root = logging.getLogger()
    return {
        "environment": dict(os.environ),
        "logging": (root.level, list(root.handlers), logging.raiseExceptions, logging.root.manager.disable),
        "matplotlib.rcParams": dict(matplotlib.rcParams),
        "warnings": list(warnings.filters),
        "paths": list(sys.path),
        "folder": os.getcwd(),
    }
others, names = sys.argv[1].split(), sys.argv[2].split()
for name in others:  # what the house imports may do as it likes
    try:
        importlib.import_module(name)
    except ImportError:
        pass
before, there = state(), dict(sys.modules)
for name in names:
    importlib.import_module(name)
after = state()
changed = [key for key in before if before[key] != after[key]]
changed += [f"sys.modules[{key!r}]" for key in there if sys.modules.get(key, 0) is not there[key]]
changed += [f"sys.modules[{key!r}]" for key in sys.modules.keys() - there if sys.modules[key] is None]
print("changed:", *changed)
"""


def outside() -> list[str]:
    """The modules of other packages that the house imports."""
    found = set()
    for code in MODULES.values():
        for node in ast.walk(code):
            if isinstance(node, ast.Import):
                found |= {name.name for name in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found.add(node.module)
    return sorted(found)


def test_importing_changes_nothing_but_what_is_imported(tmp_path):
    names = [f"helpers.{name}".rstrip(".") for name in MODULES if name != "__main__"]
    there = {**os.environ, "PYTHONPATH": str(HOUSE.parent)}
    command = [sys.executable, "-c", LOOK, " ".join(outside()), " ".join(names)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=300, env=there)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith("changed:"), done.stdout
    assert list(tmp_path.iterdir()) == []
