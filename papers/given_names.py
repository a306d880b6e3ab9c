"""Given names that are no families, which tell "Anna E." from "Sun Y."."""

from __future__ import annotations

from collections.abc import Sequence

_WRITTEN = """
    Agnieszka Alessandro Alexandra Alice Amelia Amir Andrea Angela Anika Anna Anne Annika Antonio
    Ayşe Barbara Beatrice Bianca Caroline Catherine Charlotte Christine Claudia Cristina Daniela
    Deepak Dmitry Elena Elisabeth Elizabeth Emily Emma Erika Eva Ewa Fatima Federica Francesca
    Gabriela Giovanni Giulia Giuseppe Hannah Hanna Helena Ingrid Irina Isabel Isabella Jacqueline
    Jennifer Jessica Johanna Joanna Julia Karen Katarzyna Katharina Katherine Kathrin Laura Linda
    Lisa Luca Lucia Magdalena Małgorzata Margaret Maria Marie Marta Matteo Mehmet Melissa Michael
    Michelle Mikhail Monica Nadia Natalia Natalie Natasha Nicole Nikita Olga Olivia Patricia Petra
    Priya Rebecca Roberto Samantha Sandra Sara Sarah Sergey Silvia Sofia Sophia Sophie Stefania
    Stefano Stephanie Susanne Svetlana Sylvia Tatiana Teresa Theresa Ulrike Ursula Valentina Valeria
    Vanessa Veronica Victoria Vladimir Yuliya Zeynep Zoe
"""
_GIVEN = frozenset(_WRITTEN.split())
"""Given names that are hardly ever families; "James", "Martin" and the like are both."""


def are_given_first(first_words: Sequence[str]) -> bool:
    """Whether what stands before bare initials are given names: "Anna E., Bo Z.", not "Sun Y."."""
    return 3 * sum(word in _GIVEN for word in first_words) >= len(first_words) > 0
