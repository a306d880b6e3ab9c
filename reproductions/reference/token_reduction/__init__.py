"""Vision Transformers that drop or merge tokens: DynamicViT, EViT, ToMe."""
