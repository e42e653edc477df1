// In JupyterLab: a panel for each notebook, made anew when its evidence is.
const notebook = document.currentScript?.closest(".jp-Notebook");
const panels = (window.pressFiguresPanels ||= new WeakMap());
if (notebook) {
  panels.get(notebook)?.stop();
  panels.set(notebook, mountPanel(DATA, notebook, "lab"));
}
