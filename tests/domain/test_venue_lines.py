"""Which venue a printed line names: the shipped venues, lines as bibliographies and OpenReview print them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from papers.venue_lines import VenueNames, is_unpublished, venue_named

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "venues"


def shipped() -> list[VenueNames]:
    files = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in FOLDER.glob("*.yaml")]
    return [
        VenueNames(
            venue["slug"],
            venue["kind"],
            venue["name"],
            tuple(name for name in [venue.get("full_name", ""), *venue.get("aliases", [])] if name),
        )
        for venue in files
    ]


VENUES = shipped()
LINES = {
    "Accepted to CVPR 2022 as a poster": "cvpr",
    "ICLR 2023 (as an oral)": "iclr",
    "Submitted to ICLR 2025": None,
    "ICLR 2025 Conference Withdrawn Submission": None,
    "ICLR 2024 Conference Desk Rejected Submission": None,
    "Rejected from ICLR 2020": None,
    "Under review as a conference paper at ICLR 2025": None,
    "In preparation for CVPR": None,
    "NeurIPS 2022 Workshop on Attention": "neurips-workshop",
    "ICML 2022 Workshop on Dynamic Neural Networks": "icml-workshop",
    "2021 IEEE/CVF Conference on Computer Vision and Pattern Recognition Workshops (CVPRW)": "cvpr-workshops",
    "European Conference on Computer Vision Workshops": "eccv-workshops",
    "Findings of EMNLP": "emnlp-findings",
    "Findings of the Association for Computational Linguistics: EMNLP 2020": "emnlp-findings",
    "EMNLP (Findings)": "emnlp-findings",
    "Findings of the Association for Computational Linguistics: ACL 2023": "acl-findings",
    "Findings of the Association for Computational Linguistics": "acl-findings",
    "Advances in Neural Information Processing Systems 30": "neurips",
    "NIPS": "neurips",
    "Neural Information Processing Systems": "neurips",
    "{IEEE} Trans. Pattern Anal. Mach. Intell.": "tpami",
    "CoRR": "arxiv",
    "CVPRW": "cvpr-workshops",
    "SIGKDD": "kdd",
    "CVPR Workshops": "cvpr-workshops",
    "Proceedings of the IEEE/CVF Conference on Computer Vision and Pattern Recognition": "cvpr",
    "Proceedings of the IEEE Conference on Computer Vision and Pattern Recognition (CVPR)": "cvpr",
    "2018 IEEE/CVF Conference on Computer Vision and Pattern Recognition": "cvpr",
    "In Proc. ICML, 2021, pp. 1-9": "icml",
    "International Conference on Machine Learning": "icml",
    "Proceedings of the 38th International Conference on Machine Learning": "icml",
    "ICML, volume 97 of Proceedings of Machine Learning Research": "icml",
    "International Conference on Machine Learning and Applications (ICMLA)": None,
    "Asian Conference on Machine Learning": None,
    "Asian Conference on Computer Vision": None,
    "Chinese Conference on Pattern Recognition and Computer Vision": None,
    "European Conference on Machine Learning": None,
    "International Conference on Learning Representations": "iclr",
    "The Eleventh International Conference on Learning Representations": "iclr",
    "ICLR 2018 Poster": "iclr",
    "ICLR 2023 notable top 5%": "iclr",
    "ICLR": "iclr",
    "7th International Conference on Learning Representations, ICLR 2019, New Orleans, LA, USA, May 6-9, 2019": "iclr",
    "Thirty-first Conference on Neural Information Processing Systems": "neurips",
    "NeurIPS 2022 Accept": "neurips",
    "Machine Learning": "machine-learning",
    "Machine Learning, 45(3)": "machine-learning",
    "Journal of Machine Learning Research": "jmlr",
    "Nature Machine Intelligence": None,
    "Pattern Recognition Letters": None,
    "Pattern Recognition": "pattern-recognition",
    "International Journal of Computer Vision": "ijcv",
    "Annual Meeting of the Association for Computational Linguistics": "acl",
    "Proceedings of the 58th Annual Meeting of the Association for Computational Linguistics": "acl",
    "Proceedings of the 2020 Conference on Empirical Methods in Natural Language Processing (EMNLP)": "emnlp",
    "Proceedings of the AAAI Conference on Artificial Intelligence": "aaai",
    "AAAI": "aaai",
    "AAAI Fall Symposium": None,
    "EMNLP/IJCNLP (1)": "emnlp",
    "ECCV (12)": "eccv",
    "ACL (1)": "acl",
    "arXiv preprint arXiv:1703.09844": "arxiv",
    "ArXiv": "arxiv",
    "arXiv": "arxiv",
    "micro": None,
    "MICRO": "micro",
    "Web page": None,
    "date": None,
    "IEEE Transactions on Pattern Analysis and Machine Intelligence": "tpami",
    "IEEE Trans. Image Process.": "tip",
    "Transactions on Machine Learning Research": "tmlr",
    "ICLR (Poster)": "iclr",
    "ICLR 2018 Workshop Track": "iclr-workshop",
    "ICLR 2022 Workshop on X": "iclr-workshop",
    "Winter Conference on Applications of Computer Vision": "wacv",
    "IEEE Winter Conference on Applications of Computer Vision": "wacv",
    "International Joint Conference on Neural Networks": "ijcnn",
    "British Machine Vision Conference": "bmvc",
    "ACM Computing Surveys": "acm-csur",
    "Proceedings of the International Conference on Learning Representations": "iclr",
    "计算机学报": None,
    "NeurIPS 2019 Datasets and Benchmarks": "neurips",
    "Advances in neural information processing systems": "neurips",
    "CVPR 2020": "cvpr",
    "In CVPR": "cvpr",
    "Computer Vision -- ECCV 2018": "eccv",
    "Computer Vision – ECCV 2018": "eccv",
    "Proceedings of the ACM SIGKDD Conference on Knowledge Discovery and Data Mining": "kdd",
    "IEEE International Conference on Computer Vision": "iccv",
    "Fourth Symposium on Thrift": None,
    "Proc. of the Annual Conference on Neural Information Processing Systems (NIPS)": "neurips",
    "Workshop on Efficient Deep Learning for Computer Vision at CVPR": "cvpr-workshops",
    "SustaiNLP": "sustainlp",
    "Proceedings of SustaiNLP: Workshop on Simple and Efficient Natural Language Processing": "sustainlp",
    "Neural Computation": "neural-computation",
    "IJCAI-19": "ijcai",
    "CVPR'18": "cvpr",
    "Neural Networks": None,
    "ICASSP 2021 - 2021 IEEE International Conference on Acoustics, Speech and Signal Processing (ICASSP)": "icassp",
    "Intl. Conf. on Machine Learning": "icml",
    "Pending review, ICLR 2025": None,
    "NIPS 2016 Time Series Workshop": "neurips-workshop",
    "Adv. in Neural Information Processing Systems": "neurips",
    "Advances in NeurIPS": "neurips",
    "Proc. IEEE Conf. Comput. Vis. Pattern Recognit.": "cvpr",
    "Proc. IEEE Conf. Comp. Vis. Patt. Recogn., 2019, pp. 1-9": "cvpr",
    "IEEE Trans. on Pattern Analysis and Machine Intelligence": "tpami",
    "Int. Conf. Mach. Learn. Appl.": None,
    "Proc. Int. Conf. on Mach. Learn.": "icml",
    "Asian Conf. Mach. Learn.": None,
    "Machine Learning: Science and Technology": None,
    "Machine Learning: ECML 2020": None,
    "Machine Learning: vol. 45": "machine-learning",
    "Pattern Recognition (ICPR), 2016 23rd International Conference on": "icpr",
    "Machine Learning and Applications (ICMLA), 2015 IEEE 14th International Conference on": None,
    "Computer Vision (ICCV), 2017 IEEE International Conference on": "iccv",
    "Computer Vision and Pattern Recognition (CVPR), 2017 IEEE Conference on": "cvpr",
    "arXiv:2102.04906 [cs]": "arxiv",
    "abs/2102.04906": "arxiv",
    "British Machine Vision Conf.": "bmvc",
    "Oral at ICLR 2020": "iclr",
    "ICML 2018 long talk": "icml",
    "Tutorial at ICML 2021": None,
    "Late-breaking results, ICLR 2020": None,
    "CVPR2021": "cvpr",
    "NeurIPS2020": "neurips",
    "NeurIPS 2021 Track on Datasets and Benchmarks": "neurips",
    "Pattern Analysis and Machine Intelligence, IEEE Transactions on": "tpami",
    "Lamps and Machine Intelligence, IEEE Transactions on": None,
    "NeurIPS Competition Track": None,
    "Neural Networks: Tricks of the Trade": None,
}


@pytest.mark.parametrize("line", LINES)
def test_a_line_names_its_venue_or_none(line: str) -> None:
    assert venue_named(line, VENUES) == LINES[line]


@pytest.mark.parametrize("venue", VENUES, ids=lambda venue: venue.slug)
def test_every_name_of_a_shipped_venue_names_it(venue: VenueNames) -> None:
    for name in (venue.short, *venue.others):
        assert venue_named(name, VENUES) == venue.slug, name


def test_submissions_name_nothing_and_are_told_apart() -> None:
    assert is_unpublished("Under review as a conference paper at ICLR 2025")
    assert not is_unpublished("ICLR 2025 Poster")
