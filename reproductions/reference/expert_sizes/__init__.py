"""What a token uses of the language models that papers on experts compare."""
