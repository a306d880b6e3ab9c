"""Deep Thinking: one recurrent block, run longer on harder problems than those it learned from."""
