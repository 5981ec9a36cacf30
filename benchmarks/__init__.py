"""How fast pages are at two sizes of data, beside a bare view: `python -m benchmarks` (docs: benchmarks/README.md)."""
