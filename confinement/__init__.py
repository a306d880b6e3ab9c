"""Processes that are not trusted: what they may see, call and use up, and who ends them.

One set of fences for the reader of PDFs and the reference programs. Every fence is tried on its
own, and whoever puts them up is told which ones stand: nothing is pretended. Linux only; elsewhere
the limits of resources alone remain. No Django here, and no model of the field.
"""
