"""The site as processes on a machine: which run, how they are started, watched and found well."""
