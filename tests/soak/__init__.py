"""Long runs with faults (`make soak`), and what they and the suite's short ones share."""
