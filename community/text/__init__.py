"""What members write, made safe: Markdown, mathematics, citations of numbers and runs."""
