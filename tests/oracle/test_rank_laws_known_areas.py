"""Areas known from counted commuters: the criterion seldom sees that each is one market."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from comarca.commuting import RankParams, delineate_areas, rank_areas
from comarca.model.matrices import FlowMatrix
from comarca.model.region import Region, typed_frame


def counted_flows(path: Path) -> FlowMatrix:
    rows = pd.read_csv(path, dtype=str)
    homes, workplaces, persons = (rows.iloc[:, at] for at in range(3))
    town_ids = sorted({*homes, *workplaces})
    places = pd.Index(town_ids)
    cells = (
        persons.astype(float),
        (places.get_indexer(homes), places.get_indexer(workplaces)),
    )
    return FlowMatrix(tuple(town_ids), sparse.csr_array(cells, shape=(len(town_ids),) * 2))


def by_workers(flows: FlowMatrix) -> Region:
    """Communes with their working residents for a population; where they lie does not matter."""
    towns = pd.DataFrame(
        {
            "town_id": flows.town_ids,
            "name": flows.town_ids,
            "lat": 1.0,
            "lon": 0.01 * np.arange(len(flows.town_ids)),
            "population": flows.workers,
        }
    )
    return Region(name="communes", towns=typed_frame("towns", towns))


@pytest.mark.parametrize("name", ["sardinia", "belgium2011_flows"])
@pytest.mark.parametrize("space", ["linear", "log"])
def test_counted_labour_markets_seldom_stand_out_by_their_sizes(shared_dir, name, space):
    flows = counted_flows(
        shared_dir / "reference" / "labour_market_areas" / "flows" / f"{name}.csv"
    )

    ranks = rank_areas(by_workers(flows), delineate_areas(flows).partition, RankParams(space=space))

    judged = [area for area in ranks.areas if area.p is not None]
    assert len(judged) >= 8
    assert sum(area.p <= 0.05 for area in judged) <= 0.2 * len(judged)
    assert all(area.p <= area.p_adjusted for area in judged)
