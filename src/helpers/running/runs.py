"""Running a notebook by papermill, strictly.

    python -m helpers.running.runs notebooks/region_profile.ipynb x.ipynb entity=ganzhou

Beyond papermill: a notebook without a `parameters` cell and a parameter that it does not declare are errors;
text parameters arrive as typed; no view for editing is shown, whatever the notebook was saved with; the
output appears only when the run succeeded and nobody edited an input meanwhile, a failed run is kept aside;
the output holds nothing that differs between two runs (times, ids, versions, paths).

nbformat and what imports it are imported inside functions, for which `main` spares the grammar of addresses.
"""

import argparse
import logging
import os
import sys
import tempfile
from pathlib import Path

from .. import paths
from ..corpus.files import replace_file
from . import jobs, records, surroundings

FAILED = paths.REPORTS / "failed"
NO_VIEW = {"edit": ""}  # what a run gives to a notebook that can show a view for editing


class RunError(RuntimeError):
    """A notebook that could not be run, or whose cell failed; the message says which and why."""


def run(
    notebook: Path, output: Path, parameters: dict[str, str], failed: Path = FAILED, planned: str = ""
) -> Path:
    """Run `notebook` with `parameters` and put the executed notebook at `output`; returns `output`.

    A notebook that declares the parameter `edit` gets it empty: a view for editing has no place in a report.
    `planned` is the digest of the inputs with which a run began, if it is part of one. Raises RunError when
    the notebook has no `parameters` cell, does not declare a parameter, a cell fails, or settings of plots
    lie beside it, and `records.Edited` when somebody edits an input meanwhile: then `output` stays as it was,
    and a notebook of which a cell failed is kept in the folder `failed`. Raises OSError when nothing can be
    written.
    """
    import nbformat
    import papermill
    from jupyter_client.kernelspec import NoSuchKernel
    from nbclient.exceptions import DeadKernelError

    before = records.digests(jobs.sources(notebook))
    try:
        source = nbformat.read(notebook, as_version=4)
    except Exception as error:  # nbformat has no error of its own for most of what it stumbles over
        raise RunError(f"{notebook}: cannot be read as a notebook: {error}") from None
    if not any("parameters" in cell.metadata.get("tags", []) for cell in source.cells):
        raise RunError(f"{notebook}: no cell is tagged parameters; tag the one that sets the defaults")
    if planned:
        records.require_planned(before, planned)
    _refuse_settings(notebook.parent)
    logging.getLogger("papermill").setLevel(logging.ERROR)
    declared = papermill.inspect_notebook(str(notebook))
    unknown = sorted(set(parameters) - set(declared))
    if unknown:
        known = ", ".join(declared) or "none"
        raise RunError(f"{notebook}: does not declare {', '.join(unknown)}; its parameters are: {known}")
    parameters = parameters | {name: value for name, value in NO_VIEW.items() if name in declared}
    _write_text_as_typed()
    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, surroundings.alone(Path(folder)):
        draft = Path(folder) / output.name
        try:
            papermill.execute_notebook(
                str(notebook),
                str(draft),
                parameters,
                kernel_name="python3",
                progress_bar=False,
                record_timing=False,
                cwd=str(notebook.parent),
                config=_transport(folder),
            )
        except papermill.PapermillExecutionError as error:
            said = f"{notebook}: {_failed_cell(draft)} failed: {error.ename}: {error.evalue}"
            raise RunError(f"{said}\n{_keep(draft, failed)}") from None
        except (DeadKernelError, NoSuchKernel, RuntimeError) as error:
            raise RunError(f"{notebook}: the kernel did not start or died: {error}") from None
        executed = nbformat.read(draft, as_version=4)
    records.require_unedited(before, jobs.sources(notebook))
    for text in _cleaned(executed):
        print(f"{notebook.name}: {text}", file=sys.stderr)
    replace_file(output, nbformat.writes(executed).encode("utf-8"))
    (failed / output.name).unlink(missing_ok=True)
    return output


def _refuse_settings(folder: Path) -> None:
    """Raise RunError for settings of plots in the folder of the notebooks, which matplotlib would obey."""
    settings = folder / "matplotlibrc"
    if settings.exists():
        raise RunError(f"{settings}: would change the plots; take it away, the look is that of plots.theme")


def _write_text_as_typed() -> None:
    """Have papermill write text parameters as typed: its own translator turns Chinese into escapes."""
    from papermill.translators import PythonTranslator, papermill_translators

    class Verbatim(PythonTranslator):
        @classmethod
        def translate_escaped_str(cls, str_val):
            return repr(str(str_val))

    papermill_translators.register("python", Verbatim)


def _keep(draft: Path, failed: Path) -> str:
    """Keep a failed notebook aside; returns where, or why it could not be kept."""
    try:
        failed.mkdir(parents=True, exist_ok=True)
        replace_file(failed / draft.name, draft.read_bytes())
    except OSError as error:
        return str(error)
    return f"The notebook as far as it ran: {failed / draft.name}"


def _failed_cell(notebook: Path) -> str:
    """The cell that failed, by its place in the notebook as it was written, and its first line."""
    import nbformat

    added = {"papermill-error-cell-tag", "injected-parameters"}
    cells = [
        c for c in nbformat.read(notebook, as_version=4).cells if not added & set(c.metadata.get("tags", []))
    ]
    for number, cell in enumerate(cells, 1):
        if any(output.output_type == "error" for output in cell.get("outputs", [])):
            return f"cell {number} ({cell.source.splitlines()[0]})"
    return "a cell"


def _transport(folder: str):
    """How to talk to the kernel: by sockets in `folder` where the system has such files.

    Ports, the default, can be taken by another run between being chosen and being used.
    """
    from traitlets.config import Config

    if os.name != "posix":
        return Config()
    return Config({"KernelManager": {"transport": "ipc", "ip": os.path.join(folder, "kernel")}})


def _cleaned(notebook) -> list[str]:
    """Take out of a notebook what differs between two runs; returns what it wrote to stderr."""
    said = []
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
        hidden = cell.metadata.get("jupyter", {}).get("source_hidden")
        cell.metadata = {"tags": cell.metadata.tags} if cell.metadata.get("tags") else {}
        cell.metadata |= {"jupyter": {"source_hidden": True}} if hidden else {}
        if cell.cell_type == "code":
            said += [o.text for o in cell.outputs if o.output_type == "stream" and o.name == "stderr"]
            cell.outputs = [o for o in cell.outputs if not (o.output_type == "stream" and o.name == "stderr")]
    return said


def main(arguments: list[str] | None = None) -> int:
    """The command line; exit status 1 for a run that failed."""
    parser = argparse.ArgumentParser(
        prog="python -m helpers.running.runs", description=surroundings.purpose(__doc__)
    )
    parser.add_argument("--planned", default="", metavar="SHA256", help="what a run expects of its inputs")
    parser.add_argument("notebook", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("parameters", nargs="*", metavar="name=value")
    given = parser.parse_args(arguments)
    surroundings.text_streams()
    pairs = [pair.partition("=") for pair in given.parameters]
    parameters = {name: value for name, equals, value in pairs if equals}
    if len(parameters) < len(pairs):
        parser.error("parameters are given as name=value, each name once")
    jobs.skip_address_grammar()
    try:
        run(given.notebook, given.output, parameters, planned=given.planned)
        if given.planned:
            records.record(jobs.run_outputs(given.output.stem))
    except records.Edited as error:
        print(f"{given.notebook}: {error}", file=sys.stderr)
        return 1
    except (RunError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
