"""The speed of vsim's design beside its peers, on one small model: `python -m benchmarks` or `make bench`."""
