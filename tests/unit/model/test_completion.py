"""What is assumed where a table is missing, and what is never touched."""

from dataclasses import replace

import pandas as pd
import pytest

import comarca
from comarca.errors import ParameterError, UnknownTownError
from comarca.model.completion import Completion, CompletionParams, complete
from comarca.model.filling import ARCHETYPES
from comarca.model.prices import Prices
from comarca.model.region import Region, typed_frame, values_of

TOWNS = ("01", "02", "03", "04")
PEOPLE = [20_000, 4_000, 900, 8_000]
PRICES = Prices(wage_basic_per_h=2, wage_secondary_per_h=4, wage_higher_per_h=8, hours_per_day=8)


def table(which, /, **columns):
    return typed_frame(which, pd.DataFrame(columns))


def region(*, tables=None, country=None, **columns):
    towns = {
        "town_id": list(TOWNS),
        "name": ["City", "Ash", "Hamlet", "Town"],
        "lat": [0.0, 0.1, 0.2, 0.3],
        "lon": [0.0, 0.0, 0.0, 0.0],
        "population": PEOPLE,
    }
    return Region(
        name="paper",
        towns=table("towns", **(towns | columns)),
        tables=tables or {},
        country=country,
    )


def done(given, **params) -> Completion:
    return complete(given, CompletionParams(**params), PRICES)


def column(completion, name):
    return dict(zip(TOWNS, values_of(completion.region.towns, name), strict=True))


def everything():
    """A region with nothing to assume."""
    return region(
        labour_force=[9_000, 1_800, 400, 3_500],
        unemployed=[500, 100, 40, 200],
        jobs=[10_000, 1_500, 100, 2_560],
        tables={
            "labour": table(
                "labour",
                town_id=list(TOWNS),
                skill=["basic"] * 4,
                workers=[8_500, 1_700, 360, 3_300],
                unemployed=[500, 100, 40, 200],
                wage_per_h=[1.0, 1.1, 1.2, 1.3],
            ),
            "enterprises": table(
                "enterprises",
                enterprise_id=["mill"],
                name=["Mill"],
                town_id=["01"],
                isic=["C13"],
                jobs=[800],
            ),
            "processes": table(
                "processes",
                process_id=["weave"],
                enterprise_id=["mill"],
                name=["Weaving"],
                labour_h_per_t=[300],
                input_t_per_day=[2],
                output_share=[1],
                density_t_per_m3=[0.3],
                skill=["basic"],
                wage_per_h=[2],
                m2_per_worker=[9],
                min_workers=[5],
            ),
            "vehicles": table(
                "vehicles",
                vehicle_id=["van"],
                name=["Van"],
                payload_t=[1],
                volume_m3=[8],
                cost_per_km=[0.3],
                cost_per_h=[5],
                fixed_per_day=[10],
                shift_h=[8],
            ),
            "facilities": table(
                "facilities",
                facility_id=["a", "b", "c", "d"],
                town_id=list(TOWNS),
                floor_m2=[100, 200, 300, 400],
                renovation_cost=[1, 2, 3, 4],
            ),
        },
    )


def test_a_region_with_everything_given_assumes_nothing():
    given = everything()
    completion = done(given)

    assert completion.assumed == ()
    assert dict(completion.assumed_rows) == {}
    assert completion.summary() == "nothing was assumed"
    pd.testing.assert_frame_equal(completion.region.towns, given.towns)
    for name, frame in given.tables.items():
        pd.testing.assert_frame_equal(completion.region.tables[name], frame)


def test_from_towns_alone_every_table_stands():
    completion = done(region())

    assert set(completion.region.tables) == {
        "labour",
        "enterprises",
        "processes",
        "vehicles",
        "facilities",
    }
    assert set(completion.assumed_rows) == {
        "labour_force",
        "unemployed",
        "jobs",
        "labour",
        "enterprises",
        "processes",
        "vehicles",
        "facilities",
    }
    assert completion.is_assumed("facilities", "02")
    assert "facilities of 3" in completion.summary()


def test_labour_force_and_unemployed_by_hand():
    completion = done(region(), labour_force_share=0.5, unemployment_rate=0.1)

    assert column(completion, "labour_force") == {"01": 10_000, "02": 2_000, "03": 450, "04": 4_000}
    assert column(completion, "unemployed")["03"] == pytest.approx(45)


def test_given_values_are_never_replaced():
    completion = done(
        region(labour_force=[pd.NA, 1_234, pd.NA, pd.NA], jobs=[pd.NA, 777, pd.NA, pd.NA])
    )

    assert column(completion, "labour_force")["02"] == 1_234
    assert column(completion, "jobs")["02"] == 777
    assert not completion.is_assumed("jobs", "02")
    assert completion.is_assumed("jobs", "01")


def test_more_unemployed_than_the_assumed_labour_force():
    """Hamlet counts 800 unemployed among 900; half of 900 cannot be its labour force."""
    completion = done(region(unemployed=[pd.NA, pd.NA, 800, pd.NA]), labour_force_share=0.5)

    assert column(completion, "labour_force")["03"] == 800
    assert (values_of(completion.region.tables["labour"], "workers") >= 0).all()


def test_the_labour_table_wins_for_the_towns_it_names():
    given = table(
        "labour", town_id=["02"], skill=["higher"], workers=[1_000], unemployed=[10], wage_per_h=[9]
    )
    completion = done(region(tables={"labour": given}))
    labour = completion.region.tables["labour"]

    ash = labour[labour["town_id"] == "02"]
    assert ash[["skill", "workers", "wage_per_h"]].to_numpy().tolist() == [["higher", 1_000, 9]]
    assert column(completion, "labour_force")["02"] == 1_010
    assert column(completion, "unemployed")["02"] == 10
    assert completion.assumed_rows["labour"] == {"01", "03", "04"}
    assert not completion.is_assumed("labour_force", "02")


def test_a_missing_wage_is_the_price_of_the_skill():
    given = table(
        "labour",
        town_id=["02", "02"],
        skill=["basic", "secondary"],
        workers=[10, 10],
        unemployed=[0, 0],
        wage_per_h=[7, pd.NA],
    )
    labour = done(region(tables={"labour": given})).region.tables["labour"]

    assert labour.loc[labour["town_id"] == "02", "wage_per_h"].tolist() == [7, 4]


def test_labour_by_skill_adds_up_to_the_town():
    completion = done(region())
    labour = completion.region.tables["labour"]
    people = labour.groupby("town_id")[["workers", "unemployed"]].sum().sum(axis=1)

    assert people.to_dict() == pytest.approx(column(completion, "labour_force"))


def test_jobs_sum_to_people_at_work():
    completion = done(region(), jobs_exponent=2)
    jobs = column(completion, "jobs")
    at_work = values_of(completion.region.tables["labour"], "workers").sum()

    assert sum(jobs.values()) == pytest.approx(at_work)
    assert jobs["01"] / jobs["02"] == pytest.approx(25)  # five times the people, squared


def test_jobs_left_over_go_to_towns_that_tell_none():
    completion = done(region(jobs=[5_000, pd.NA, pd.NA, pd.NA]))
    at_work = values_of(completion.region.tables["labour"], "workers").sum()

    assert sum(column(completion, "jobs").values()) == pytest.approx(at_work)


def test_more_jobs_given_than_people_at_work_leave_no_town_without():
    """The city alone tells of more jobs than the region has workers: the others keep their own."""
    completion = done(region(jobs=[90_000, pd.NA, pd.NA, pd.NA]))
    labour = completion.region.tables["labour"]
    others = values_of(labour[labour["town_id"] != "01"], "workers").sum()
    jobs = column(completion, "jobs")

    assert jobs["01"] == 90_000
    assert jobs["02"] + jobs["03"] + jobs["04"] == pytest.approx(others)


def test_the_largest_towns_are_bases():
    enterprises = done(region(), n_bases=2).region.tables["enterprises"]

    assert enterprises["town_id"].tolist() == ["01", "04"]


def test_at_least_one_town_is_no_base():
    assert len(done(region(), n_bases=9).region.tables["enterprises"]) == 3


def test_named_towns_are_bases_each_once():
    completion = done(region(), base_towns=("03", "02", "03"), manufacturing_share=0.5)
    enterprises = completion.region.tables["enterprises"]

    assert enterprises["town_id"].tolist() == ["03", "02"]
    assert values_of(enterprises, "jobs")[1] == pytest.approx(column(completion, "jobs")["02"] / 2)
    assert "completion.n_bases" not in {used.assumption.name for used in completion.assumed}


@pytest.mark.parametrize("tables", [{}, dict(everything().tables)])
def test_an_unknown_base_town_is_named(tables):
    with pytest.raises(UnknownTownError, match='"1" is not known; near names: 01'):
        done(region(tables=tables), base_towns=("1",))


def enterprises(**columns):
    return table(
        "enterprises",
        **{
            "enterprise_id": ["mill", "school", "park"],
            "name": ["Mill", "School", "Park"],
            "town_id": ["01", "01", "02"],
            "isic": ["1410", "85", "C"],
            "jobs": [400, 300, 200],
        }
        | columns,
    )


def bases_with_work(completion):
    return list(dict.fromkeys(completion.region.tables["processes"]["enterprise_id"]))


def test_only_manufacturing_sends_out_assumed_work():
    assert bases_with_work(done(region(tables={"enterprises": enterprises()}))) == ["mill", "park"]


def test_what_the_table_says_of_a_base_wins():
    given = enterprises(candidate_base=[False, True, pd.NA])

    assert bases_with_work(done(region(tables={"enterprises": given}))) == ["school", "park"]


def test_base_towns_settle_enterprises_that_leave_it_open():
    given = enterprises(candidate_base=[pd.NA, False, pd.NA])
    completion = done(region(tables={"enterprises": given}), base_towns=("01",))

    assert bases_with_work(completion) == ["mill"]
    assert completion.region.tables["enterprises"]["candidate_base"].tolist() == [
        True,
        False,
        False,
    ]


def test_a_base_town_without_an_enterprise_is_refused():
    with pytest.raises(ParameterError, match="base_towns is 03; expected towns where"):
        done(region(tables={"enterprises": enterprises()}), base_towns=("03",))


def test_an_enterprise_of_no_jobs_has_no_work_to_send():
    given = enterprises(jobs=[0, 300, 200])

    assert bases_with_work(done(region(tables={"enterprises": given}))) == ["park"]


def test_archetypes_share_out_the_work_a_base_could_send():
    """400 jobs, a tenth sent out: 10 people for each of four; sewing of 1,170 h/t takes 80 h."""
    completion = done(region(tables={"enterprises": enterprises()}), sent_out_share=0.1)
    processes = completion.region.tables["processes"].set_index("process_id")

    assert len(processes) == 2 * len(ARCHETYPES)
    sewing = processes.loc["sewing-mill"]
    assert sewing["input_t_per_day"] == pytest.approx(10 * 8 / 1_170)
    assert sewing["wage_per_h"] == 2
    assert processes.loc["harness-mill", "wage_per_h"] == 4
    names = {used.assumption.name for used in completion.assumed}
    assert "archetypes.sewing.labour_h_per_t" in names
    assert "completion.manufacturing_share" not in names  # the enterprises were given


def test_premises_grow_with_the_town_up_to_a_limit():
    completion = done(
        region(),
        facility_min_population=1_000,
        floor_m2_per_resident=0.1,
        floor_max_m2=500,
        renovation_cost_per_m2=10,
        rent_per_m2=2,
    )
    facilities = completion.region.tables["facilities"].set_index("town_id")

    assert facilities["floor_m2"].to_dict() == {"01": 500, "02": 400, "04": 500}
    assert facilities.loc["02", "renovation_cost"] == 4_000
    assert facilities.loc["02", "annual_rent"] == 800


def test_premises_that_are_given_win_for_their_town():
    given = table(
        "facilities", facility_id=["barn"], town_id=["02"], floor_m2=[50], renovation_cost=[5]
    )
    completion = done(region(tables={"facilities": given}))
    facilities = completion.region.tables["facilities"]

    assert facilities.loc[facilities["town_id"] == "02", "facility_id"].tolist() == ["barn"]
    assert completion.assumed_rows["facilities"] == {"01", "04"}


def test_nobody_lives_there_no_premises():
    completion = done(region(population=[20_000, 0, 900, 8_000]), facility_min_population=0)

    assert "02" not in set(completion.region.tables["facilities"]["town_id"])


def test_skill_shares_beyond_the_whole_are_refused():
    with pytest.raises(
        ParameterError, match=r"0\.7 and 0\.4; expected shares that sum to 1 at most"
    ):
        done(region(), skill_basic_share=0.7, skill_secondary_share=0.4)


def test_what_the_study_set_is_no_assumption():
    names = {used.setting for used in done(region(), labour_force_share=0.5).assumed}

    assert "CompletionParams.labour_force_share" not in names
    assert "CompletionParams.unemployment_rate" in names


def test_an_assumed_number_says_what_for():
    (used,) = [
        used
        for used in done(region(jobs=[1, 2, pd.NA, pd.NA])).assumed
        if used.setting == "CompletionParams.jobs_exponent"
    ]

    assert used.used_for == "jobs of 2 towns"
    assert used.is_assumed


def test_amounts_are_recorded_as_they_were_used():
    """A region that counts in pesos: what the record says is what the table holds."""
    pesos = Region(
        name="pesos",
        towns=region().towns,
        country="MX",
        currency="MXN",
        usd_exchange_rate=20.0,
    )
    completion = complete(pesos, CompletionParams.for_region(pesos), Prices.for_region(pesos))

    (used,) = [
        used
        for used in completion.assumed
        if used.setting == "CompletionParams.renovation_cost_per_m2"
    ]
    facility = completion.region.tables["facilities"].iloc[0]
    assert used.value == pytest.approx(facility["renovation_cost"] / facility["floor_m2"])
    assert used.unit == "MXN/m2"


def test_the_region_given_is_left_as_it_was():
    given = region(tables={"enterprises": enterprises()})
    towns, table_before = given.towns.copy(), given.tables["enterprises"].copy()

    done(given, base_towns=("01",))

    pd.testing.assert_frame_equal(given.towns, towns)
    pd.testing.assert_frame_equal(given.tables["enterprises"], table_before)
    assert set(given.tables) == {"enterprises"}


def test_completing_twice_changes_nothing():
    once = done(region())
    twice = done(once.region)

    assert dict(twice.assumed_rows) == {}
    for name, frame in once.region.tables.items():
        pd.testing.assert_frame_equal(twice.region.tables[name], frame)


def test_the_region_that_was_read_stays_as_it_was():
    """Gaps in given tables are filled in the completed region alone."""
    read = comarca.examples.four_towns()
    labour = read.tables["labour"].assign(wage_per_h=pd.NA).astype({"wage_per_h": "Float64"})
    towns = read.towns.assign(jobs=pd.array([pd.NA] * read.n_towns, dtype="Float64"))
    gaps = replace(read, towns=towns, tables={**read.tables, "labour": labour})

    completed = complete(gaps, CompletionParams(), Prices()).region

    assert completed.tables["labour"]["wage_per_h"].notna().all()
    assert completed.towns["jobs"].notna().all()
    assert labour["wage_per_h"].isna().all()
    assert towns["jobs"].isna().all()
