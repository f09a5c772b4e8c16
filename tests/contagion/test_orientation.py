"""Tables of claims at the edge: orientation, storage, labels, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy import sparse

from cardhouse.basics.errors import NetworkError
from cardhouse.contagion.orientation import read_exposure, read_vector

EXPOSURE = np.array([[0.0, 1.5, 0.0], [2.5, 0.0, 4.0], [0.0, 3.5, 0.0]])
NAMES = ["ann", "bob", "cid"]


def frame(rows: list[str] | None = None, columns: list[str] | None = None) -> pd.DataFrame:
    table = pd.DataFrame(EXPOSURE, index=NAMES, columns=NAMES)
    return table.loc[rows or NAMES, columns or NAMES]


@pytest.mark.parametrize("form", ["csr", "csc", "coo", "lil", "dok", "bsr"])
def test_every_storage_gives_the_same_claims(form: str):
    for container in (sparse.coo_array(EXPOSURE), sparse.coo_matrix(EXPOSURE)):
        read = read_exposure(container.asformat(form))
        np.testing.assert_array_equal(read.as_dense(), EXPOSURE)


def test_owed_is_by_debtor_and_held_by_creditor():
    read = read_exposure(EXPOSURE)
    np.testing.assert_allclose(read.owed(), EXPOSURE.sum(axis=0))
    np.testing.assert_allclose(read.held(), EXPOSURE.sum(axis=1))


def test_liabilities_are_turned_once():
    turned = read_exposure(EXPOSURE.T, orientation="debtor_creditor")
    np.testing.assert_array_equal(turned.as_dense(), EXPOSURE)
    turned = read_exposure(sparse.csr_array(EXPOSURE.T), orientation="debtor_creditor")
    np.testing.assert_array_equal(turned.as_dense(), EXPOSURE)


def test_frames_are_matched_by_name():
    read = read_exposure(frame(rows=["cid", "ann", "bob"], columns=["bob", "cid", "ann"]))
    assert tuple(read.labels) == ("cid", "ann", "bob")
    np.testing.assert_array_equal(read.as_dense(), EXPOSURE[np.ix_([2, 0, 1], [2, 0, 1])])


def test_polars_frames_carry_names_in_their_first_column():
    table = pl.DataFrame({"firm": NAMES} | {name: EXPOSURE[:, k] for k, name in enumerate(NAMES)})
    read = read_exposure(table)
    assert tuple(read.labels) == tuple(NAMES)
    np.testing.assert_array_equal(read.as_dense(), EXPOSURE)
    unnamed = read_exposure(table.drop("firm"))
    np.testing.assert_array_equal(unnamed.as_dense(), EXPOSURE)


def test_unsorted_sparse_entries_are_read_right_and_left_alone():
    order = np.array([1, 0, 3, 2])
    matrix = sparse.csc_array(EXPOSURE)
    indices, data = matrix.indices.copy(), matrix.data.copy()
    indices[1:3], data[1:3] = indices[[2, 1]], data[[2, 1]]
    shuffled = sparse.csc_array((data, indices, matrix.indptr), shape=(3, 3))
    before = shuffled.indices.copy()
    np.testing.assert_array_equal(read_exposure(shuffled).as_dense(), EXPOSURE)
    np.testing.assert_array_equal(shuffled.indices, before)
    coo = sparse.coo_array(EXPOSURE)
    mixed = sparse.coo_array((coo.data[order], (coo.row[order], coo.col[order])), shape=(3, 3))
    np.testing.assert_array_equal(read_exposure(mixed).as_dense(), EXPOSURE)


def test_duplicate_sparse_entries_are_refused_with_the_pair():
    coo = sparse.coo_array(([1.0, 2.0, 4.0], ([0, 2, 0], [1, 1, 1])), shape=(3, 3))
    with pytest.raises(NetworkError, match=r"creditor 0, debtor 1.*appears once"):
        read_exposure(coo)
    doubled = sparse.csc_array((np.ones(2), np.array([2, 2]), np.array([0, 2, 2, 2])), shape=(3, 3))
    with pytest.raises(NetworkError, match=r"creditor 2, debtor 0.*appears once"):
        read_exposure(doubled)


def changed(row: int, column: int, value: float) -> np.ndarray:
    table = EXPOSURE.copy()
    table[row, column] = value
    return table


@pytest.mark.parametrize("wrap", [np.asarray, sparse.csr_array, sparse.csc_matrix])
def test_bad_amounts_are_refused_with_their_place(wrap: type):
    with pytest.raises(NetworkError, match=r"creditor 2, debtor 1: '-3.5'.*not negative"):
        read_exposure(wrap(changed(2, 1, -3.5)))
    with pytest.raises(NetworkError, match=r"creditor 0, debtor 2: 'nan'.*finite"):
        read_exposure(wrap(changed(0, 2, np.nan)))
    with pytest.raises(NetworkError, match="finite"):
        read_exposure(wrap(changed(0, 2, np.inf)))
    with pytest.raises(NetworkError, match=r"creditor 1, debtor 1: '7.0'.*claim on itself"):
        read_exposure(wrap(changed(1, 1, 7.0)))


def test_bad_shapes_and_words_are_refused():
    with pytest.raises(NetworkError, match=r"shape \(2, 3\)"):
        read_exposure(EXPOSURE[:2])
    with pytest.raises(NetworkError, match="every entry is a number"):
        read_exposure([["a", "b"], ["c", "d"]])
    with pytest.raises(NetworkError, match="orientation 'sideways'"):
        read_exposure(EXPOSURE, orientation="sideways")


def test_mismatched_labels_are_refused():
    with pytest.raises(NetworkError, match=r"'dan'.*|.*dan"):
        read_exposure(frame().rename(columns={"cid": "dan"}))
    with pytest.raises(NetworkError, match="row: 'ann'"):
        read_exposure(frame().rename(index={"cid": "ann"}))


def test_vectors_are_matched_by_name_and_checked():
    series = pd.Series({"cid": 3.0, "ann": 1.0, "bob": 2.0})
    np.testing.assert_array_equal(read_vector(series, NAMES, name="cash"), [1.0, 2.0, 3.0])
    np.testing.assert_array_equal(read_vector(pl.Series([1, 2, 3]), NAMES, name="cash"), [1.0, 2.0, 3.0])
    np.testing.assert_array_equal(read_vector(4, NAMES, name="cash"), [4.0, 4.0, 4.0])
    with pytest.raises(NetworkError, match="dan"):
        read_vector({"ann": 1, "bob": 2, "dan": 3}, NAMES, name="cash")
    with pytest.raises(NetworkError, match="cash: bob: 'nan'"):
        read_vector([1.0, np.nan, 2.0], NAMES, name="cash")
    with pytest.raises(NetworkError, match=r"shape \(2,\)"):
        read_vector([1.0, 2.0], NAMES, name="cash")
    with pytest.raises(NetworkError, match="at most 1"):
        read_vector([0.5, 1.5, 0.0], NAMES, name="share", at_most=1.0)


def test_a_vector_is_a_copy():
    values = np.array([1.0, 2.0, 3.0])
    read = read_vector(values, NAMES, name="cash")
    read[0] = 9.0
    assert values[0] == 1.0
