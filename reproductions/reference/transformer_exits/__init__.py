"""Early exits in Transformer encoders: FastBERT, DeeBERT, PABEE."""
