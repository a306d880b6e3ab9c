"""OAI-PMH 2.0: libraries and aggregators harvest the records of the survey."""
