"""Members: who they are, what the site holds of them, and how they leave."""
