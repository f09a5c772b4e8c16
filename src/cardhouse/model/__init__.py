"""Floor 4: one quarter of one world: state, equations, blocks, ledger, identities, step."""
