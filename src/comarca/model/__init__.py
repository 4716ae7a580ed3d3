"""
The region, what stages hand on, the data dictionary and the checks.

What a table is, and whether it is right
    ``dictionary`` every attribute; ``raw`` tables as found; ``numbers`` and ``cells`` what was
    written to what was meant; ``checks`` the door; ``rules``, ``population_rules``,
    ``rate_rules``, ``flow_rules``, ``industry_rules`` and ``suspicious`` what one cell cannot show;
    ``flow_totals`` commuters and ``people_totals`` people counted once; ``isic`` industries.
What stages take and hand on
    ``region``; ``roads`` its network; ``town_index`` towns by id; ``matrices`` flows and travel;
    ``zones`` shapes; ``contiguity`` who lies beside whom; ``partition`` which town belongs where,
    ``agreement`` and ``area_changes`` how far two of them agree; ``routing`` depots, customers and
    their rounds; ``freight_plan``; ``comparison``; ``plan`` all of these.
Numbers to start from
    ``parameters`` settings and the defaults behind them; ``completion``, ``completion_params`` and
    ``filling`` what stands in for missing tables; ``labour`` who could work at home; ``prices``
    what a worker-day is worth to whom; ``status_rules`` what makes a single-industry town, and
    ``status_rule_tables`` how rules are written.
Plans as files
    ``codec`` results to plain values and back; ``plan_file`` the file; ``plan_tables`` the tables
    beside it.
"""
