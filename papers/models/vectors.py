"""Embeddings: derived from texts, rebuilt by `manage.py embed`."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from pgvector.django import HalfVectorField

from papers.models.paper import Paper


class PaperEmbedding(models.Model):
    """The vectors of one paper under one encoder, unit length."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="embeddings")
    encoder = models.CharField(max_length=200)
    text_hash = models.CharField(max_length=64, help_text="SHA-256 of the text that was embedded.")
    vector = HalfVectorField(help_text="Of the whole paper; as long as the encoder makes it.")
    passages = models.BinaryField(
        null=True, help_text="float16 (passages, dimensions), row by row: the title, each sentence."
    )
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["paper", "encoder"], name="one_vector_an_encoder")
        ]

    def __str__(self) -> str:
        return f"{self.encoder} of paper {self.paper_id}"
