"""Floor 3: contagion kernels on arrays, each in its own file, none importing another; usable without the rest.

===================  ================================================================================================
``clearing``         who can pay whom: Eisenberg-Noe, bankruptcy costs, seniority, maturities, greatest and least
``cross_holdings``   shares of one another with costs of failure (Elliott, Golub and Jackson)
``equity_and_debt``  shares and debt of one another (Suzuki)
``debtrank``         losses before default: single hit 2012, cyclic 2015, non-linear 2016
``threshold``        failures only: Furfine, Gai and Kapadia
``valuation``        the NEVA family: one equation, many valuations of a claim
``fire_sale``        Greenwood, Landier and Thesmar; Cont and Schaanning
``reconstruction``   networks from totals: maximum entropy, minimum density
``compose``          several channels to a joint fixed point
===================  ================================================================================================

``orientation`` reads tables (``exposure[creditor, debtor]``), ``outcome`` says what every result carries.
"""
