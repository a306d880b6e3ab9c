"""Reviews: their forms as data, drafts and versions, pasting, threads, and what a page shows."""
