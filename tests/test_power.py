"""What slip of a printed figure a check would have noticed: worked examples."""

import pytest

from helpers.checking import power
from helpers.corpus.schema import POWERS


@pytest.fixture(scope="module")
def found(small_results):
    r = small_results
    return power.power_of_checks(r.corpus, r.figures, r.derived, r.checks).set_index("check_id")


def test_one_row_a_check_with_the_columns_of_the_schema(found, small_results):
    assert list(found.reset_index().columns) == POWERS.columns
    assert found.index.tolist() == small_results.checks.check_id.tolist()


def test_a_sum_of_exact_counts_notices_every_slip(found):
    """3 + 6 = 9: any of three figures, up or down, by any factor."""
    row = found.loc["bridges-add-up"]
    assert row.slips == row.claim_slips == 6
    assert row.noticed_10_percent == row.noticed_factor_2 == row.noticed_factor_10 == 100


def test_a_bound_notices_a_slip_in_one_direction_at_most(found, small_results):
    """The tonnes reach what the harbour reports: only a slip down can turn that, a small one need not."""
    row = found.loc["harbour-tonnes-reached"]
    assert row.verdict == "consistent" and row.slips == 2
    check = small_results.checks.set_index("check_id").loc["harbour-tonnes-reached"]
    for factor, share in (
        (1.1, row.noticed_10_percent),
        (2, row.noticed_factor_2),
        (10, row.noticed_factor_10),
    ):
        assert share == (50 if check.observed_high / factor < check.expected_low else 0)


def test_a_check_that_compares_nothing_has_no_power(found):
    row = found.loc["traffic-growth-as-reported"]
    assert row.slips == row.claim_slips == 0
    assert row[[f"noticed_{size}" for size in power.SIZES]].isna().all()
    assert row[[f"claim_noticed_{size}" for size in power.SIZES]].isna().all()


def test_a_claim_of_several_readings_may_notice_less_than_its_check(found):
    """A multiple that slips away from one reading may reach another."""
    rows = found[found.claim_id == "lanmouth-multiple"]
    assert len(rows) == 3 and rows.claim_slips.nunique() == 1
    assert (rows.claim_noticed_10_percent == rows.claim_noticed_10_percent.iloc[0]).all()


def test_statistics_count_every_tested_check_once(found):
    table = found.reset_index()
    rows = {row.statistic_id: row.value for row in power.power_statistics(table)}
    for size in ("10-percent", "factor-2", "factor-10"):
        counted = sum(rows[f"power-checks-{which}-{size}-{share}"] for which in ("consistent", "others")
                      for share in power.SHARES)  # fmt: skip
        assert counted == table.noticed_10_percent.notna().sum()
        consistent = table[table.verdict == "consistent"]
        could = (consistent[f"noticed_{size.replace('-', '_')}"] > 0).sum()
        assert rows[f"power-checks-consistent-{size}-could-have-failed"] == could
    claims = table.drop_duplicates("claim_id")
    assert sum(rows[f"power-claims-consistent-factor-2-{share}"] for share in power.SHARES) == (
        claims.claim_verdict == "consistent").sum()  # fmt: skip
