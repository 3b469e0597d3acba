"""A hook of MkDocs: notebooks become pages like all others.

mkdocs-jupyter executes a notebook, then wraps it in 575 KB of styles of its own.
With our template it gives Markdown instead, which goes the way of all pages:
the same highlighting, copy buttons, contents, search, and stamps. It is
executed as the tests execute it, whatever the settings of the user.
"""

from pathlib import Path
from types import MethodType
from zipfile import ZipFile

from jupyter_core.application import JupyterApp
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page
from mkdocs_jupyter.config import settings
from nbclient import NotebookClient
from nbconvert.nbconvertapp import NbConvertApp

from tests.harness.run.kernel import Kernel


def on_config(config: MkDocsConfig) -> None:
    """Give mkdocs-jupyter our template and our kernel, and no file of settings."""
    settings.templates_dir = str(Path(__file__).parent)
    NbConvertApp.load_config_file = _load_no_settings
    NotebookClient.create_kernel_manager = _create_kernel


def _load_no_settings(app: JupyterApp, suppress_errors: bool = True) -> None:
    """Load nothing; the page does not depend on who builds it."""


def _create_kernel(client: NotebookClient) -> Kernel:
    client.km = Kernel()
    return client.km


def on_pre_page(page: Page, config: MkDocsConfig, files: Files) -> Page:
    """Follow mkdocs-jupyter's rendering with that of MkDocs."""
    if page.file.src_uri.endswith(".ipynb"):
        to_markdown = page.render

        def render(self: Page, config: MkDocsConfig, files: Files) -> None:
            to_markdown(config, files)
            self.markdown = (self.content or "").partition("<style>")[0]  # which it appends
            Page.render(self, config, files)

        page.render = MethodType(render, page)
    return page


def on_post_build(config: MkDocsConfig) -> None:
    """Beside each notebook, put a zip file of it and of what it reads."""
    docs, programs = Path(config.docs_dir), Path(config.docs_dir).parent / "examples"
    for notebook in docs.glob("[!_]*/*.ipynb"):
        folder = notebook.parent
        files = [path for path in folder.iterdir() if path.suffix in {".ipynb", ".json", ".py"}]
        files += [p for p in (programs / folder.name).glob("*.*") if p.suffix in {".py", ".toml"}]
        target = Path(config.site_dir, folder.name, f"{notebook.stem}.zip")
        target.parent.mkdir(parents=True, exist_ok=True)
        with ZipFile(target, "w") as zip_file:
            for path in sorted(files):
                zip_file.write(path, path.relative_to(docs.parent))
