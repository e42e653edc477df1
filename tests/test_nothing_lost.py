"""Whatever is killed, and when: every file is whole, and the next run ends as if nothing had happened.

KILLS says how often, where more than usual is wanted; the moments are drawn by SEED.
"""

import errno
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import NamedTuple

import pytest
from checkouts import contents, once, published, run, start, twin

from helpers import paths
from helpers.corpus.files import RUN, NotWritten, replace_file
from helpers.running import jobs as jobs_of_a_run
from helpers.running import pipeline, records, runs

MOMENTS = random.Random(int(os.environ.get("SEED", "2021")))
TARGETS = ["build/notebooks/01_transcription.ipynb", "build/notebooks/02_cleaning.ipynb"]
EDITED = [
    ("data/raw/transcription/cns-2022-ganzhou.csv", "of the jointly started list", "of the list as edited"),
    ("data/raw/corrections.csv", "The same ten years as the sum beside it", "Ten years as edited"),
]


def kills(usual: int) -> int:
    return max(usual, int(os.environ.get("KILLS", usual)))


posix = pytest.mark.skipif(os.name != "posix", reason="needs the signals of POSIX")


@pytest.fixture
def checkout(tmp_path, monkeypatch) -> Path:
    """An empty checkout in which this process is of no run yet."""
    for name, place in {"STATE": ".snakemake", "RUN": ".snakemake/run", "RAW": "raw", "PROCESSED": "data/processed", "REPORTS": "reports", "BUILD": "build"}.items():  # fmt: skip
        monkeypatch.setattr(paths, name, tmp_path / place)
    for folder in (paths.STATE, paths.RAW, paths.PROCESSED, paths.REPORTS, paths.BUILD):
        folder.mkdir(parents=True)
    monkeypatch.setenv(RUN, "none")
    monkeypatch.delenv(RUN)
    return tmp_path


def _write_for_ever(file: Path, whole: list[bytes]) -> None:
    while True:
        for content in whole:
            replace_file(file, content)


@posix
def test_a_file_is_whole_whenever_its_writer_is_killed(checkout):
    file = paths.PROCESSED / "figures.csv"
    whole = [letter * 300_000 for letter in (b"a", b"b", b"c")]
    replace_file(file, whole[0])
    seen = set()
    for _ in range(kills(60)):
        writer = multiprocessing.get_context("fork").Process(target=_write_for_ever, args=(file, whole))
        writer.start()
        time.sleep(MOMENTS.uniform(0, 0.05))
        writer.kill()
        writer.join()
        seen.add(file.read_bytes())
        assert seen <= set(whole)
    assert len(seen) > 1
    left = set(paths.PROCESSED.iterdir()) - {file}
    assert left, "no writer was killed while it wrote"
    assert not set(paths.PROCESSED.glob("*.csv")) & left  # none is taken for a table
    ignored = subprocess.run(["git", "check-ignore", *(f"data/processed/{p.name}" for p in left)], cwd=paths.ROOT, capture_output=True, text=True)  # fmt: skip
    assert ignored.returncode == 128 or len(ignored.stdout.split()) == len(left)  # 128: not a checkout of git
    pipeline.begin()
    assert list(paths.PROCESSED.iterdir()) == [file]


def _write_little(file: Path, answer) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
    try:
        replace_file(file, b"x" * 2000)
    except OSError as error:
        answer.put(str(error))


@posix
def test_a_disk_without_room_leaves_the_last_good_version_and_is_said_in_one_line(checkout):
    file = paths.PROCESSED / "figures.csv"
    replace_file(file, b"good")
    context = multiprocessing.get_context("fork")
    answer = context.Queue()
    context.Process(target=_write_little, args=(file, answer)).start()
    assert (
        answer.get(timeout=30)
        == f"{file} is not written: File too large; what was there before is still there"
    )
    assert list(paths.PROCESSED.iterdir()) == [file] and file.read_bytes() == b"good"


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_whichever_step_fails_the_last_good_version_stays(checkout, monkeypatch, step):
    file = paths.PROCESSED / "figures.csv"
    replace_file(file, b"good")

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, step, full)
    with pytest.raises(NotWritten, match="figures.csv is not written: No space left on device"):
        replace_file(file, b"new")
    assert list(paths.PROCESSED.iterdir()) == [file] and file.read_bytes() == b"good"


def _write_as_nobody(file: Path, answer) -> None:
    if os.geteuid() == 0:
        os.seteuid(65534)
    try:
        replace_file(file, b"new")
    except OSError as error:
        answer.put(str(error))


@posix
def test_a_folder_that_may_not_be_written_is_said(checkout):
    file = paths.PROCESSED / "figures.csv"
    replace_file(file, b"good")
    paths.PROCESSED.chmod(0o555)
    context = multiprocessing.get_context("fork")
    answer = context.Queue()
    context.Process(target=_write_as_nobody, args=(file, answer)).start()
    assert answer.get(timeout=30).startswith(f"{file} is not written: Permission denied")
    paths.PROCESSED.chmod(0o755)
    assert file.read_bytes() == b"good"


def test_a_command_that_cannot_write_says_so_and_returns_one(checkout, monkeypatch, capsys):
    (paths.REPORTS / "in-the-way").write_text("a file")
    book = paths.NOTEBOOKS / "02_cleaning.ipynb"
    monkeypatch.setattr("papermill.inspect_notebook", lambda _: {})
    assert runs.main([str(book), str(paths.REPORTS / "in-the-way" / "x.ipynb")]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1
    paths.STATE.rmdir()
    paths.STATE.write_text("a file")
    assert pipeline.main([]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "cores"),
    [(["--cores", "0"], "0"), (["--cores=abc"], "abc"), (["-c-3"], "-3"), (["--cores", ""], "empty"), (["-j", "00"], "00")],
)  # fmt: skip
def test_a_number_of_cores_with_which_nothing_would_ever_run_is_refused_at_once(
    checkout, capsys, arguments, cores
):
    assert pipeline.main([*arguments, "--", "--cores"]) == 1
    said = capsys.readouterr().err
    assert said == f"the number of cores is {cores}; it must be 1 or more, or all\n"
    assert not paths.RUN.exists()


def test_what_a_killed_run_has_left_alive_cannot_write_once_the_next_has_begun(checkout):
    file = paths.PROCESSED / "figures.csv"
    pipeline.begin()
    replace_file(file, b"of the first run")
    first = os.environ[RUN]
    pipeline.begin()
    replace_file(file, b"of the second run")
    os.environ[RUN] = first
    with pytest.raises(NotWritten, match="another run has begun since"):
        replace_file(file, b"late")
    assert file.read_bytes() == b"of the second run"
    del os.environ[RUN]
    replace_file(file, b"of a researcher")
    assert file.read_bytes() == b"of a researcher"


def _leave(files: list[Path], content: bytes) -> None:
    """Write files of the build folder and their record, as a job does."""
    for file in files:
        file.parent.mkdir(parents=True, exist_ok=True)
        replace_file(file, content)
    records.record(files)


@pytest.fixture
def jobs(checkout, monkeypatch) -> list[list[Path]]:
    """What two notebooks, their pages and the front page leave; and Snakemake knows of no others."""
    names = ["02_cleaning", "profile_gree"]
    monkeypatch.setattr(jobs_of_a_run, "names", lambda: names)
    leaves = [
        leave(name) for name in names for leave in (jobs_of_a_run.run_outputs, jobs_of_a_run.export_outputs)
    ]
    return [*leaves, jobs_of_a_run.front_outputs()]


def test_only_what_a_finished_job_left_is_published(checkout, jobs):
    for files in jobs:
        _leave(files, b"first")
    assert pipeline.publish() == []
    before = published(checkout)
    assert set(before.values()) == {b"first"} and len(before) == sum(map(len, jobs))
    for files in jobs:
        _leave(files, b"second")
        for missing in files if len(files) > 1 else []:  # the one that the killed job did not come to
            missing.unlink()
            pipeline.publish()
            assert {published(checkout)[_published(checkout, file)] for file in files} == {b"first"}
            _leave(files, b"second")
        pipeline.publish()
        assert {published(checkout)[_published(checkout, file)] for file in files} == {b"second"}


def _published(checkout: Path, file: Path) -> str:
    return str(pipeline._place(file).relative_to(checkout))


@pytest.mark.parametrize("spoil", [
    lambda files: files[-1].write_bytes(b"other"),
    lambda files: files[0].unlink(),
    lambda files: records.record_of(files).unlink(),
    lambda files: records.record_of(files).write_bytes(b'{"half'),
    lambda files: records.record_of(files).write_bytes(b"[]"),
])  # fmt: skip
def test_what_is_not_as_a_job_left_it_is_not_published_and_gone_before_the_next_run(checkout, jobs, spoil):
    for files in jobs:
        _leave(files, b"made")
    spoil(jobs[0])
    all_there = all(file.exists() for file in [*jobs[0], records.record_of(jobs[0])])
    assert ["edited meanwhile; run it again" in said for said in pipeline.publish()] == [True] * all_there
    assert len(published(checkout)) == sum(map(len, jobs[1:]))
    pipeline._remove_spoilt()
    assert [file for file in jobs[0] if file.exists()] == []
    assert all(records.stands(files) for files in jobs[1:])


def test_a_change_by_hand_is_said_by_its_name(checkout, jobs, capsys):
    _leave(jobs[0], b"made")
    jobs[0][-1].write_bytes(b"other")
    pipeline._remove_spoilt()
    assert capsys.readouterr().err == f"Not as a run has left it, so made again: {jobs[0][-1]}\n"
    _leave(jobs[0], b"made")
    jobs[0][-1].touch()  # a date is nothing
    pipeline._remove_spoilt()
    assert capsys.readouterr().err == "" and records.stands(jobs[0])


def test_what_cannot_be_published_is_said_and_the_rest_is_published(checkout, jobs):
    for files in jobs:
        _leave(files, b"made")
    in_the_way = paths.PROCESSED / "figures.csv"
    in_the_way.mkdir()
    [said] = pipeline.publish()
    assert "figures.csv is not written: Is a directory" in said
    assert len(published(checkout)) == sum(map(len, jobs)) - 1
    in_the_way.rmdir()
    assert pipeline.publish() == [] and in_the_way.read_bytes() == b"made"


@posix
def test_a_run_that_is_killed_while_it_publishes_is_finished_by_the_next(checkout, jobs):
    cut = 0
    for number in range(kills(30)):
        content = [f"{number}-{job}".encode() * 50_000 for job in range(len(jobs))]
        for files, made in zip(jobs, content, strict=True):
            _leave(files, made)
        process = multiprocessing.get_context("fork").Process(target=pipeline.publish)
        process.start()
        time.sleep(MOMENTS.uniform(0, 0.05))
        process.kill()
        process.join()
        new = [set(content) >= {place} for place in published(checkout).values()]
        cut += any(new) and not all(new)
        pipeline.begin()  # sweeps up what was being written
        assert pipeline.publish() == []
        wanted = {_published(checkout, file): made for files, made in zip(jobs, content, strict=True) for file in files}  # fmt: skip
        assert published(checkout) == wanted
    assert cut, "every kill came before the first file or after the last"


# Real runs, of two notebooks.


def edit(folder: Path, back: bool = False) -> None:
    """Change what a person has written, or change it back."""
    for name, old, new in EDITED:
        text = (folder / name).read_text(encoding="utf-8")
        old, new = (new, old) if back else (old, new)
        assert old in text
        (folder / name).write_text(text.replace(old, new), encoding="utf-8")


def wait_for_orphans(group: int) -> None:
    """Until no process of a killed run is left, nor the kernels, which look for their parent once a second."""
    while True:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            time.sleep(1.5)
            return
        time.sleep(0.1)


class Undisturbed(NamedTuple):
    """Two finished copies, before and after an edit, and how long the run after it takes."""

    before: Path
    after: Path
    seconds: float


@pytest.fixture(scope="session")
def undisturbed(built, tmp_path_factory) -> Undisturbed:
    def make(folder: Path) -> None:
        after = twin(built, folder / "after")
        edit(after)
        began = time.monotonic()
        run(after, *TARGETS)
        (folder / "seconds").write_text(str(time.monotonic() - began), encoding="ascii")
        assert published(after) != published(built)

    folder = once(tmp_path_factory, "undisturbed", make)
    return Undisturbed(built, folder / "after", float((folder / "seconds").read_text(encoding="ascii")))


def kill_and_run_again(undisturbed, folder: Path, whole_group: bool, back: bool) -> bool:
    """Edit, run, kill at some moment, perhaps take the edit back, run again.

    Returns whether the kill hit the run.
    """
    twin(undisturbed.before, folder)
    edit(folder)
    running = start(folder, *TARGETS)
    moment = MOMENTS.uniform(0, undisturbed.seconds)
    time.sleep(moment)
    hit = running.poll() is None
    if hit:
        (os.killpg if whole_group else os.kill)(running.pid, signal.SIGKILL)
        running.wait()
    if back:
        edit(folder, back=True)
    said = run(folder, *TARGETS)
    wait_for_orphans(running.pid)
    made, wanted = contents(folder), contents(undisturbed.before if back else undisturbed.after)
    differing = [name for name in made.keys() | wanted.keys() if made.get(name) != wanted.get(name)]
    assert differing == [], (moment, said)
    return hit


@posix
@pytest.mark.slow
@pytest.mark.parametrize("whole_group", [True, False], ids=["all processes", "only the first"])
def test_a_killed_run_and_another_end_as_one_undisturbed(undisturbed, tmp_path, whole_group):
    wanted, hits = kills(1), 0
    while hits < wanted:
        folder = tmp_path / "copy"
        hits += kill_and_run_again(undisturbed, folder, whole_group, MOMENTS.random() < 0.3)
        shutil.rmtree(folder)


@posix
@pytest.mark.slow
def test_of_two_runs_at_once_one_waits(undisturbed, tmp_path):
    folder = twin(undisturbed.before, tmp_path / "copy")
    edit(folder)
    assert [each.wait() for each in [start(folder, *TARGETS), start(folder, *TARGETS)]] == [0, 0]
    assert contents(folder) == contents(undisturbed.after)
    assert "Another run is at work" in (folder / "said").read_text()


@posix
@pytest.mark.slow
def test_a_full_disk_leaves_every_file_whole_and_the_next_run_mends_all(undisturbed, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=80m", "tmpfs", disk], capture_output=True
    ).returncode:
        pytest.skip("only an administrator may mount a small disk")
    try:
        folder = twin(undisturbed.before, disk / "copy")
        edit(folder)
        room = shutil.disk_usage(disk).free
        with open(disk / "filler", "wb") as filler:
            filler.write(b"x" * (room - 60_000))
        said = run(folder, *TARGETS, status=1)
        assert "No space left on device" in said and "Traceback" not in said
        found, before, after = map(published, (folder, undisturbed.before, undisturbed.after))
        assert found.keys() == before.keys() and found != after
        assert [name for name in found if found[name] not in (before[name], after[name])] == []
        (disk / "filler").unlink()
        run(folder, *TARGETS)
        assert contents(folder) == contents(undisturbed.after)
    finally:
        subprocess.run(["umount", "--lazy", disk], check=True)
