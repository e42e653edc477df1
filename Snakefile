# What is to be done again: Snakemake runs the notebooks and makes the pages of which an input has changed.
#
# What depends on what is said in `helpers.running.jobs`. All that jobs leave lies in build/, from where
# `python -m helpers.running.pipeline`, which runs this file, puts what is finished in its place.

import sys

from helpers import notebooks, paths
from helpers.corpus import BadInput
from helpers.running import jobs


def of_checkout(files):
    """Files by their path from the checkout: the notes of Snakemake hold wherever that lies."""
    return [file.relative_to(paths.ROOT).as_posix() for file in files]


def processed(names):
    """Processed tables, where jobs leave and read them."""
    return of_checkout(paths.BUILD / "processed" / name for name in names)


def sources(book):
    """What people write that a notebook depends on."""
    return of_checkout(jobs.sources(paths.NOTEBOOKS / f"{book}.ipynb"))


try:
    NAMES = jobs.names()
except BadInput as bad:
    print(bad, file=sys.stderr)
    raise SystemExit(1) from None
# as the notebooks see it, from their folder, so that an executed one names no place of the machine
RUN = "python -m helpers.running.runs {input.notebook} {output[0]} processed=../build/processed"


# Executed notebooks and tables too: Snakemake would not miss what a killed job has removed if the pages made of it
# are still there, and publishing could not mend it.
rule all:
    input:
        [of_checkout(jobs.run_outputs(name)) for name in NAMES],
        [of_checkout(jobs.export_outputs(name)) for name in NAMES],
        of_checkout(jobs.front_outputs()),


for name, book in notebooks.NOTEBOOKS.items():

    rule:
        name:
            name
        input:
            sources(name),
            processed(book.reads),
            notebook=f"notebooks/{name}.ipynb",
        output:
            of_checkout(jobs.run_outputs(name)),
        shell:
            RUN


rule profile:
    input:
        sources(notebooks.PROFILED),
        processed(notebooks.PROFILE.reads),
        notebook=f"notebooks/{notebooks.PROFILED}.ipynb",
    output:
        of_checkout(jobs.run_outputs("profile_{entity}")),
    shell:
        RUN + " entity={wildcards.entity}"


rule export:
    input:
        of_checkout(jobs.run_outputs("{name}"))[0],
        of_checkout(jobs.exporters()),
    output:
        of_checkout(jobs.export_outputs("{name}")),
    wildcard_constraints:
        name="|".join(NAMES),
    shell:
        "python -m helpers.running.exports build {wildcards.name}"


rule front_page:
    input:
        [of_checkout(jobs.run_outputs(name)) for name in NAMES],
        of_checkout(jobs.exporters(front=True)),
    output:
        of_checkout(jobs.front_outputs()),
    shell:
        "python -m helpers.running.exports build"
