"""What every simulator needs: HTTP on loopback, faults, a journal and the calls below `/_control/`."""
