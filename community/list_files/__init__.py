"""Reading lists as people keep them in files: awesome lists in Markdown, and their `data.yaml`.

Reading is pure: text goes in, sections, entries and what was left out come back. Nothing is looked
up, nothing is written, and every line that is no entry is told with its reason.
"""
