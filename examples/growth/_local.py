"""How the page of Dask starts its workers: quietly, with files in a folder that is removed."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "dask"))

from _scratch import LOCAL as LOCAL
from _scratch import own_folder as own_folder
