"""Runs of reference programs: started, performed, recorded, shipped and compared."""
