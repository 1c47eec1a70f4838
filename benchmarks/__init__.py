"""How fast MedGrid is, as ratios to what the machine could do at best, measured side by side in one run.

`python3 -m sandbox bench [name …]`. Not part of the tests: timings never decide one. Each benchmark prints a
table and writes the same figures to `benchmarks/results/{name}.json`.
"""
