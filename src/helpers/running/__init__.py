"""Running the notebooks: `runs` runs one, `exports` makes pages of it, `pipeline` decides and publishes.

`jobs` says what depends on what, `records` what each job left, `surroundings` what a run sees of its machine.
"""
