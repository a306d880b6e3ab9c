"""From hand-in to public: states, the queue, its kinds and limits, reports, the log."""
