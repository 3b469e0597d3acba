"""A hook of MkDocs: a line of a template that has only a tag leaves no empty line in a page.

The theme does not ask for that, and has so many of these lines that they weigh 400 bytes, gzipped.
"""

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> None:
    """Have the templates read so."""
    env.trim_blocks = env.lstrip_blocks = True
