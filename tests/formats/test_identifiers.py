"""What people paste, and the identifier it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.identifiers import Identifier, Scheme, recognise

CASES = [
    # odd ones first
    ("", None),
    ("   ", None),
    ("dynamic neural networks", None),
    ("early exiting 2018", None),
    ("1703", None),
    ("1713.09844", None),
    ("3.14159", None),
    ("10.5/abc", None),
    ("https://", None),
    ("http://[broken", None),
    ("https://arxiv.org/list/cs.LG/recent", None),
    ("https://openreview.net/group?id=ICLR.cc/2024", None),
    ("早退", None),
    ("x" * 5000, None),
    # arXiv
    ("1703.09844", ("arxiv", "1703.09844", None)),
    ("1703.09844v2", ("arxiv", "1703.09844", 2)),
    ("arXiv:1703.09844", ("arxiv", "1703.09844", None)),
    ("ARXIV: 1703.09844v10 [cs.LG]", ("arxiv", "1703.09844", 10)),
    ("arXiv：1703.09844", ("arxiv", "1703.09844", None)),
    ("https://arxiv.org/abs/1703.09844v3", ("arxiv", "1703.09844", 3)),
    ("http://www.arxiv.org/pdf/1703.09844v3.pdf", ("arxiv", "1703.09844", 3)),
    ("https://export.arxiv.org/abs/0704.0001?context=cs", ("arxiv", "0704.0001", None)),
    ("arxiv.org/abs/1703.09844", ("arxiv", "1703.09844", None)),
    ("https://huggingface.co/papers/2404.02258", ("arxiv", "2404.02258", None)),
    ("https://www.alphaxiv.org/abs/2404.02258", ("arxiv", "2404.02258", None)),
    ("cs.LG/9901001", ("arxiv", "cs/9901001", None)),
    ("https://arxiv.org/abs/cond-mat/9901001v1", ("arxiv", "cond-mat/9901001", 1)),
    ("10.48550/arXiv.1703.09844", ("arxiv", "1703.09844", None)),
    ("https://doi.org/10.48550/ARXIV.1703.09844", ("arxiv", "1703.09844", None)),
    # DOI
    ("10.1145/3698767", ("doi", "10.1145/3698767", None)),
    ("doi:10.3233/IA-240035", ("doi", "10.3233/ia-240035", None)),
    ("https://doi.org/10.1162/neco.1991.3.1.79", ("doi", "10.1162/neco.1991.3.1.79", None)),
    ("https://dx.doi.org/10.1016%2FS0140-6736(20)1.", ("doi", "10.1016/s0140-6736(20)1", None)),
    ("(10.1145/3698767)".strip("("), ("doi", "10.1145/3698767", None)),
    ("doi:https://doi.org/10.1145/3698767", ("doi", "10.1145/3698767", None)),
    ("https://dl.acm.org/doi/pdf/10.1145/3698767", ("doi", "10.1145/3698767", None)),
    ("https://link.springer.com/article/10.1007/s11263-022-1.pdf", ("doi", "10.1007/s11263-022-1", None)),
    # OpenReview
    ("https://openreview.net/forum?id=Hk2aImxAb&noteId=x", ("openreview", "Hk2aImxAb", None)),
    ("https://openreview.net/pdf?id=JroZRaRw7Eu", ("openreview", "JroZRaRw7Eu", None)),
    ("openreview:Hk2aImxAb", ("openreview", "Hk2aImxAb", None)),
    ("HyoST_9xl", ("openreview", "HyoST_9xl", None)),
    # ACL
    ("2022.acl-long.503", ("acl", "2022.acl-long.503", None)),
    ("n19-1423", ("acl", "N19-1423", None)),
    ("https://aclanthology.org/2022.findings-acl.189.pdf", ("acl", "2022.findings-acl.189", None)),
    ("https://www.aclweb.org/anthology/N19-1423/", ("acl", "N19-1423", None)),
    ("10.18653/v1/2024.acl-long.696", ("doi", "10.18653/v1/2024.acl-long.696", None)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_pasted_text_gives_its_identifier(text, expected):
    found = recognise(text)

    assert (found and (found.scheme, found.value, found.version)) == expected


def test_bare_word_shaped_like_a_forum_id_is_not_certain():
    assert recognise("MobileNetV3") == Identifier(Scheme.OPENREVIEW, "MobileNetV3", certain=False)
    assert recognise("https://openreview.net/forum?id=Hk2aImxAb").certain


@pytest.mark.parametrize("text", [text for text, expected in CASES if expected])
def test_written_form_and_address_lead_back_to_the_same_identifier(text):
    found = recognise(text)

    for again in (recognise(str(found)), recognise(found.url)):
        assert (again.scheme, again.value, again.version) == (
            found.scheme,
            found.value,
            found.version,
        )


@given(st.text(max_size=60))
def test_no_text_makes_it_fail(text):
    recognise(text)
    recognise("https://arxiv.org/abs/" + text)
    recognise("doi:" + text)
