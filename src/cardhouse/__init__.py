"""cardhouse: a stress-test engine for circularly financed sectors.

It answers, for named firms and with cited figures: who pays whom, how much of that money ever came from an end user,
who falls if funding stops, in what order, illiquid or insolvent, how large the loss is and who carries it, and what
would have to be true for none of it to happen.

The floors of the house, top to bottom; imports point down only::

    cli                               | one file per command
    report                            | figures, tables, narrative, HTML
    analysis                          | questions asked of networks and runs
    simulation, casebook, bubbles     | siblings: run many worlds, read a case, test price series
    model                             | one quarter: state, equations, blocks, identities, step
    contagion                         | pure kernels on arrays
    scenarios                         | what is done to the world
    network, facts                    | siblings: the financial network at a date, cited numbers
    basics                            | errors, identifiers, quarters, units, arrays, tables
"""

__version__ = "0.1.0"
