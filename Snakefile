# What is to be done again: Snakemake runs the notebooks and makes the pages of which an input has changed.
#
# Content decides, not dates: the digest of what people write is a parameter of each rule, and Snakemake does a job
# again when a parameter has changed. A job is told the digest with which the run began, and counts only if it finds
# the same. Each leaves a record of what it wrote (`helpers.running.records`).
#
# What depends on what is said in `helpers.running.jobs`. All that jobs leave lies in build/, from where
# `python -m helpers.running.pipeline`, which runs this file, puts what is finished in its place.

import sys

from helpers import notebooks, paths
from helpers.corpus import BadInput
from helpers.running import jobs, records


def of_checkout(files):
    """Files by their path from the checkout: the notes of Snakemake hold wherever that lies."""
    return [file.relative_to(paths.ROOT).as_posix() for file in files]


def processed(names):
    """Processed tables, where jobs leave and read them."""
    return of_checkout(paths.BUILD / "processed" / name for name in names)


def sources(book):
    """What people write that a notebook depends on."""
    return jobs.sources(paths.NOTEBOOKS / f"{book}.ipynb")


def planned(files):
    """The digest of inputs as they are now."""
    return records.summed(records.digests(files))


def left(files):
    """What a job leaves, and the record of it."""
    return of_checkout([*files, records.record_of(files)])


try:
    NAMES = jobs.names()
except BadInput as bad:
    print(bad, file=sys.stderr)
    raise SystemExit(1) from None
# as the notebooks see it, from their folder, so that an executed one names no place of the machine
RUN = (
    "python -m helpers.running.runs --planned {params.planned} {input.notebook} {output[0]} "
    "processed=../build/processed"
)
EXPORT = "python -m helpers.running.exports --planned {params.planned} build"


# Executed notebooks and tables too: Snakemake would not miss what a killed job has removed if the pages made of it
# are still there, and publishing could not mend it.
rule all:
    input:
        [left(files) for files in jobs.all_outputs(NAMES)],


for name, book in notebooks.NOTEBOOKS.items():

    rule:
        name:
            name
        input:
            of_checkout(sources(name)),
            processed(book.reads),
            notebook=f"notebooks/{name}.ipynb",
        output:
            left(jobs.run_outputs(name)),
        params:
            planned=planned(sources(name)),
        shell:
            RUN


rule profile:
    input:
        of_checkout(sources(notebooks.PROFILED)),
        processed(notebooks.PROFILE.reads),
        notebook=f"notebooks/{notebooks.PROFILED}.ipynb",
    output:
        left(jobs.run_outputs("profile_{entity}")),
    params:
        planned=planned(sources(notebooks.PROFILED)),
    shell:
        RUN + " entity={wildcards.entity}"


rule export:
    input:
        of_checkout(jobs.run_outputs("{name}"))[0],
        of_checkout(jobs.run_outputs(notebooks.FINDINGS))[0],
        of_checkout(jobs.exporters()),
    output:
        left(jobs.export_outputs("{name}")),
    params:
        planned=planned(jobs.exporters()),
    wildcard_constraints:
        name="|".join(NAMES),
    shell:
        EXPORT + " {wildcards.name}"


rule book:
    input:
        [of_checkout(jobs.run_outputs(name)) for name in notebooks.NOTEBOOKS],
        of_checkout(jobs.exporters()),
    output:
        left(jobs.book_outputs()),
    params:
        planned=planned(jobs.exporters()),
    shell:
        EXPORT + f" {notebooks.BOOK}"


rule front_page:
    input:
        [of_checkout(jobs.run_outputs(name)) for name in NAMES],
        of_checkout(jobs.exporters(front=True)),
    output:
        left(jobs.front_outputs()),
    params:
        planned=planned(jobs.exporters(front=True)),
    shell:
        EXPORT
