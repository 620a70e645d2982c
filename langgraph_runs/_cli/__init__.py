"""The command line over the sync client; needs the extra `cli`."""
