"""What every resource of the API shares: views, pages, errors, preconditions, limits, schema."""
