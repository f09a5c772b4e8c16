"""Result codes: how one draw ended. Compiled code raises nothing; a draw that went wrong says so here."""

from __future__ import annotations

from enum import IntEnum


class ResultCode(IntEnum):
    """How one draw ended; everything but ``OK`` is counted in the summary of a run and left out of its figures."""

    OK = 0
    IDENTITY_BROKEN_I1 = 1
    IDENTITY_BROKEN_I2 = 2
    IDENTITY_BROKEN_I3 = 3
    IDENTITY_BROKEN_I4 = 4
    IDENTITY_BROKEN_I5 = 5
    IDENTITY_BROKEN_I6 = 6
    IDENTITY_BROKEN_I7 = 7
    IDENTITY_BROKEN_I8 = 8
    IDENTITY_BROKEN_I9 = 9
    IDENTITY_BROKEN_I10 = 10
    IDENTITY_BROKEN_I11 = 11
    IDENTITY_BROKEN_I12 = 12
    IDENTITY_BROKEN_I13 = 13
    IDENTITY_BROKEN_I14 = 14
    IDENTITY_BROKEN_I15 = 15
    IDENTITY_BROKEN_I16 = 16
    NOT_CONVERGED = 20
    NOT_FINITE = 21
    BUFFER_FULL = 22

    @property
    def sentence(self) -> str:
        """Say in words what the code means.

        >>> ResultCode.IDENTITY_BROKEN_I4.sentence
        'accounting identity I4 does not hold'
        """
        if 1 <= self.value <= 16:
            return f"accounting identity I{self.value} does not hold"
        return {
            0: "the draw ran to its end and every identity held",
            20: "an iteration reached its limit before its tolerance",
            21: "a number of the state is not finite",
            22: "more postings or dues in a quarter than the buffers hold",
        }[self.value]


OK = int(ResultCode.OK)
NOT_CONVERGED = int(ResultCode.NOT_CONVERGED)
NOT_FINITE = int(ResultCode.NOT_FINITE)
BUFFER_FULL = int(ResultCode.BUFFER_FULL)
