"""`make bench`: speed as ratios measured in one run (DESIGN section 10). Nothing here is collected by pytest."""
