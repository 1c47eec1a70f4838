"""What hostile callers send, drawn at random from a seed that is printed.

`python3 -m sandbox test tests/hostile --hostile-requests=20000 -s` sends so many; without the option it is a
few hundred. `--hostile-seed` repeats a run.
"""
