"""A member's machine that performs runs for a site and signs what came out.

    python -m reproductions.runner --site https://survey.example --token lsv_…

It needs a checkout of this repository at the version that the site runs, PyTorch, and a token
with the scope “run”. It needs neither the site's database nor its settings.
"""
