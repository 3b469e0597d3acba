"""Lists the programs of the site, or runs one as the site's tests do."""

import signal

if __name__ == "__main__":
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C while the rest is read
    from examples._command import command

    command()
