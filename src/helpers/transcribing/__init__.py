"""From a text to a finished sheet: intake, proposals, the view in JupyterLab, agreement of two persons."""
