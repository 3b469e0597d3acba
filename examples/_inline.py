"""Reads what a program needs from PyPI, which it declares as inline script metadata.

The form, `# /// script`, is that of https://packaging.python.org/en/latest/specifications/inline-script-metadata/.
"""

import re
import tomllib

BLOCK = re.compile(r"^# /// script$\n(?P<content>(?:^#(?: .*)?$\n)+?)^# ///$", re.MULTILINE)


def dependencies(source: str) -> list[str]:
    """The names of the packages that a program declares; ValueError if they are ill-formed."""
    if not (block := BLOCK.search(source)):
        return []
    content = "".join(line[2:] + "\n" for line in block["content"].splitlines())
    try:
        declared = tomllib.loads(content).get("dependencies", [])
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"a `# /// script` block that is not TOML: {error}") from None
    return [re.split(r"[^\w.-]", name, maxsplit=1)[0].lower() for name in declared]
