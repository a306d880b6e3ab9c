"""Reading untrusted PDFs in processes of their own, behind fences."""
