"""Running the notebooks: `runs` runs one, `exports` makes pages of it, `pipeline` decides and publishes."""
