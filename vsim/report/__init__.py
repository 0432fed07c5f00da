"""What a person sees: charts, the policy table, the page, and the packaging of data sets.

Import the module that is needed (`from vsim.report import figures`); nothing heavy is loaded here.
"""
