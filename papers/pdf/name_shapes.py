"""What a person's name looks like in print, and what stands where names stand but is none."""

from __future__ import annotations

import re

PLACE = re.compile(
    r"\b(universi|univ\b|institut|istituto|instituto|dept\b|department|departamento|dipartimento"
    r"|laborato|labs?\b|school\b|college"
    r"|faculty|facult[\u00e9a]|cent(?:re|er)\b|academy|inc\b|ltd\b|llc\b|gmbh|corp\b|corporation"
    r"|research\b|company"
    r"|hospital|ministry|foundation|group\b|team\b|division|unit\b|technolog|sciences?\b"
    r"|engineering|google|microsoft|facebook|deepmind|openai|nvidia|amazon|alibaba|tencent|baidu"
    r"|huawei|samsung|intel\b|ibm\b|meta ai|inria|cnrs|csic|mit\b|ethz?\b|epfl|kaist"
    r"|polyt[e\u00e9]c"
    r"|politecnico|ecole|\u00e9cole|technische|hochschule|street\b|road\b|avenue\b|usa\b|u\.s\.a"
    r"|uk\b|china\b"
    r"|germany\b|france\b|canada\b|japan\b|korea\b|india\b|italy\b|spain\b|switzerland|netherlands"
    r"|australia\b|singapore\b|brazil\b|sweden\b|poland\b|austria\b|belgium\b|denmark\b|norway\b"
    r"|finland\b|russia\b|taiwan\b|hong kong|israel\b|portugal\b|greece\b|turkey\b|iran\b"
    r"|computer\b|mathemati|physics|statistic|independent"
    r"|researcher|consult|society|association|observatory|agency|national|federal|max planck"
    r"|allen institute|carnegie mellon|berkeley\b|stanford\b|princeton\b|harvard\b|oxford\b"
    r"|cambridge\b|caltech\b|georgia tech|virginia tech|sorbonne|tsinghua|bytedance|qualcomm"
    r"|salesforce|adobe\b|imperial college|united (?:states|kingdom))"
    r"|大学|学院|研究所|研究院|实验室|有限公司|中国|北京|上海",
    re.I,
)
NOT_NAMES = re.compile(
    r"(@|https?:|www\.|\bdoi\b|contribut|correspond|abstract|keywords|preprint|submitted|published"
    r"|received|accepted|edited|reviewed|editor|copyright|license|supervis|version|draft|arxiv"
    r"|under review|anonymous|proceedings|conference|journal|volume|these authors|orcid|e-?mail"
    r"|workshop\b|track\b|supplement|appendix|citations?\b|reads\b"
    r"|report\b|technical\b|\bpaper\b|thesis\b|dissertation|tutorial\b|magazine\b"
    r"|date:|\bthe\b|\bfor\b|\bwith\b|\bby\b$|摘\s*要|关键词)",
    re.I,
)
_PARTICLES = frozenset(
    re.findall(
        r"\w+",
        "van von der den de del della di da dos du la le el al bin ibn ter ten zu af av y e st"
        " do das degli dal lo los las und vom zum zur abu ben",
    )
)
_TAIL = frozenset(re.findall(r"\w+", "jr sr ii iii iv phd md"))
_DEGREE = re.compile(
    r"(ph\.? ?d|m\.? ?d|m\.? ?sc|b\.? ?sc|dr|prof|professor|m\.? ?a|m\.? ?p\.? ?h|r\.? ?n"
    r"|d\.? ?phil"
    r"|dr\.? ?-?ing|mba|facs|frcp|esq"
    r"|(student |senior |life |graduate student |associate )?(member|fellow)(,? ieee)?|ieee)\.?",
    re.I,
)
_GROUP = re.compile(
    r"(?:the )?(?:[A-Z][\w&.'\u2019-]* ){1,6}"
    r"(?:team|collaboration|consortium|group|initiative|network|project|contributors|developers"
    r"|working group|community|guild|alliance|coalition|collective"
    r"|task ?force|investigators)",
    re.I,
)
_THE = re.compile(r"The(?: [A-Z][\w.&'\u2019-]*){1,6}")
_ELISION = re.compile(r"[dDlLoO]['\u2019](?=[^\W\d_])")  # d'Erste, l'Hospital
_ALSO_A_SURNAME = re.compile(
    r"(?:brazil|canada|china|cambridge|berkeley|denmark|division|draft|edited|engineer|england|france"
    r"|germany|google|greece|harvard|holland|india|israel|italy|japan|journal|norway|oxford|page"
    r"|paper|poland|portugal|princeton|reads|road|science|spain|stanford|street|sweden|turkey|unit"
    r"|version|volume)",
    re.I,
)
"""Of the words that stand in places and notes, those that are somebody's family name as well."""
_NO_GIVEN_NAME = re.compile(
    r"(?:applied|cognitive|computer|computing|data|earth|east|first|full|great|greater|high|health"
    r"|inner|last|life|long|lower|main|material|natural|network|new|north|northern|old|our|out|political"
    r"|preprint|second|short|single|social|south|southern|technical|this|upper|uc|west|western)",
    re.I,
)
_HAN_NAME = re.compile(
    r"[\u4e00-\u9fff]{2,4}|[\uac00-\ud7a3]{2,5}|[\u4e00-\u9fff] [\u4e00-\u9fff]"
    r"|[\u4e00-\u9fff]{1,6}[·•][\u4e00-\u9fff]{1,8}"
)
_SINGLE = re.compile(r"[^\W\d_][\w'\u2019-]{2,30}")


def looks_like_name(text: str) -> bool:
    """Whether a chunk can be a person's name: two to eight words, capitals, no place words."""
    if _HAN_NAME.fullmatch(text):
        return not PLACE.search(text) and not NOT_NAMES.search(text)
    if not 4 <= len(text) <= 60 or NOT_NAMES.search(text) or PLACE.search(text):
        return False
    if sum(c.isdigit() for c in text) or any(c in "()[]{}:=/<>+%$" for c in text):
        return False
    tokens = text.replace("-", " ").split()
    if not 2 <= len(tokens) <= 8:
        return False
    # Behind a hyphen a name may go on in small letters: "Hyun-woo".
    begins = [part for part in re.split(r"\s+|-(?=[^\Wa-z])", text) if part]
    for token in begins:
        bare = token.strip(".,'\u2019").lower()
        if bare in _PARTICLES or bare in _TAIL or _ELISION.match(token):
            continue
        if not token[0].isupper() and not _caseless(token[0]) and token[0] not in "'\u2019":
            return False
    return any(len(token.strip(".")) > 1 for token in tokens)


def looks_like_name_or_place(text: str) -> bool:
    """Whether a chunk is shaped like a name of two words whose last is one of places and notes,
    too: "Christian Science", "Anna France". Not "Data Science" nor "South Korea"."""
    given, _, family = text.partition(" ")
    shaped = looks_like_name(f"{given} Erste") and family[:1].isupper()
    no_name = _NO_GIVEN_NAME.fullmatch(given) or given.isupper() != family.isupper()
    initial = len(given.strip(".")) == 1 and given.endswith(".")
    return bool(shaped and _ALSO_A_SURNAME.fullmatch(family) and (initial or not no_name))


def is_group(text: str) -> bool:
    """Whether a chunk names a group that signs as an author: "The Thrift Team"."""
    return len(text) <= 90 and bool(_GROUP.fullmatch(text))


def may_be_group(text: str) -> bool:
    """Whether a chunk among people's names is a group: also one that only calls itself "The"."""
    called = (
        bool(_THE.fullmatch(text)) and not PLACE.search(text) and not NOT_NAMES.search(text[4:])
    )
    return is_group(text) or called


def is_single_name(text: str) -> bool:
    """Whether one word can be a whole name, such as that of people who bear only one."""
    shaped = bool(_SINGLE.fullmatch(text)) and text[0].isupper()
    return shaped and not PLACE.search(text) and not NOT_NAMES.search(text)


def is_degree(text: str) -> bool:
    """Academic degrees and memberships, which stand between names and are none."""
    return bool(_DEGREE.fullmatch(text.strip()))


def may_be_two(text: str) -> bool:
    """Whether a name is so long that two may have been printed with one space between."""
    tokens = [token.strip(".,").lower() for token in text.split()]
    full = [t for t in tokens if len(t) > 2 and t not in _PARTICLES and t not in _TAIL]
    # Four full words occur in Spanish and Portuguese names; six in hardly any.
    return len(full) >= 6


def _caseless(character: str) -> bool:
    return character.isalpha() and character.lower() == character.upper()


def spaced(name: str) -> str:
    """Names without stray full stops or doubled spaces; "J.K. Row" becomes "J. K. Row"."""
    name = re.sub(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])", "", name)
    name = re.sub(r"^(?:(?:Prof|Professor|Dr|Mr|Mrs|Ms)\b\.? )+", "", name)
    return re.sub(r"(?<=[A-Z]\.)(?=[A-Z])", " ", name).strip(" ,.;*")
