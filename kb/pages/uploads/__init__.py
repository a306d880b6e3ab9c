"""Pages of uploads, documents and imports."""
