"""From tables to readers: numbers with their evidence, prose, plots and pages.

`numbers` says how a number is shown, `evidence` what is behind it. In a notebook `magics` reads the cells of
prose, `prose` and `findings` write what they say with such numbers, and `plots` draws them. Of an executed
notebook, which `executed` reads, `pages` makes HTML with the `panel` of evidence, and `paper` PDF.
`frontpage`, `facts_page` and `what_if_page` make the pages beside them.
"""
