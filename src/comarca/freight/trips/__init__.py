"""
What the trips of trucks must cost: prices of visits and workers that no trip pays back.

``generate_trips`` finds trips by column generation over the whole problem. Its dual prices, made
safe, bound the cost of any rounds from below; its trips are what the search builds plans from.
"""
