"""From the bytes of a PDF to what a paper says: pure Python without Django."""
