"""What curators do to records: edit them, merge them, decide what machines proposed."""
