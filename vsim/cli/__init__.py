"""The command line: vsim <noun> <verb>."""
