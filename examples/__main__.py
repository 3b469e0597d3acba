#!/usr/bin/env python3
"""Lists the programs of the site, runs one as the site's tests do, checks yours, or the machine."""

import signal
import sys

if __name__ == "__main__":
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C while the rest is read
    if not __package__:  # run as a script, from another project's folder
        sys.path[0] = __file__.rpartition("examples")[0] or "."
    from examples._command import command

    command()
