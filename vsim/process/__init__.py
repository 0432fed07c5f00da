"""What happens in a week, one idea a file, in plain NumPy: the slow, obvious oracle of the compiled kernels.

A process works on one district: arrays of residents, tables of the week, keyed draws. None knows another; the order
in which they run stands in `vsim.run.simulate`.
"""
