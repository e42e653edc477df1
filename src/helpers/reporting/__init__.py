"""From tables to readers: numbers with their evidence, prose, plots, pages and the front page.

`numbers` says how a number is shown, `evidence` what is behind it, `prose` writes text and tables of
such numbers, `plots` draws them; `pages` makes HTML and PDF of an executed notebook, `frontpage` the
page that leads to the others.
"""
