"""What simulators share: HTTP on loopback, a command line, faults, a journal, calls below `/_control/`."""
