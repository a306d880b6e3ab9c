"""What a program promises and how it fared: pure but for reading the manifest."""
