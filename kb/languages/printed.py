"""Words of plots in the language of a page: what programs and papers print in English.

Runs keep the names of their curves, axes and series in English, and so do files. A page shows them
part by part: "loss while training, 16 bits" is said as its three parts are. What is no word of ours
(names of networks, units as printed) stays as it is.
"""

from __future__ import annotations

import re

from django.conf import settings
from django.utils.translation import get_language, gettext, pgettext

from accounts.words import Words

WORDS = (
    *(Words("accuracy"), Words("error"), Words("squared error"), Words("loss"), Words("cost")),
    *(Words("parameters"), Words("params"), Words("active parameters"), Words("total parameters")),
    *(Words("multiply-adds"), Words("FLOPs as printed"), Words("latency"), Words("throughput")),
    *(
        Words("speedup"),
        Words("fraction used"),
        Words("steps"),
        Words("epochs"),
    ),
    *(Words("macs"), Words("flops"), Words("several measures"), Words("several ways of counting")),
    *(Words("operations"), Words("total"), Words("active"), Words("of the full model")),
    *(Words("of visual tokens"), Words("of tokens"), Words("activated"), Words("per token")),
    *(Words("sequence accuracy"), Words("character accuracy"), Words("classification accuracy")),
    *(Words("average"), Words("average accuracy"), Words("average score"), Words("score")),
    *(Words("exact match"), Words("relative score"), Words("change of accuracy")),
    *(Words("failures"), Words("error by kind"), Words("steps by kind")),
    *(Words("MACs up to the exit"), Words("mean MACs of an example"), Words("mean MACs")),
    *(Words("MACs of the sub-networks"), Words("MACs on digits"), Words("units per pixel")),
    *(Words("exit"), Words("share of examples"), Words("share leaving at exit 1")),
    *(Words("anytime"), Words("budgeted batch"), Words("exit histogram")),
    *(Words("exit histogram on digits"), Words("cost of each exit"), Words("leaving at exit 1")),
    *(Words("reliability of exit 1"), Words("confidence"), Words("digit"), Words("digits")),
    *(Words("opening p of the gate"), Words("bias of the gradient"), Words("mean opening")),
    *(Words("variance of the gradient"), Words("bias"), Words("variance"), Words("descent")),
    *(
        Words("step"),
        Words("update"),
        Words("seed"),
        Words("budget"),
        Words("series"),
        Words("label"),
    ),
    *(Words("expert"), Words("cluster"), Words("load"), Words("load by expert")),
    *(Words("load of each expert"), Words("largest load"), Words("variation of load")),
    *(Words("who serves whom"), Words("who runs what"), Words("position"), Words("who")),
    *(Words("updates by position"), Words("share updated"), Words("updates used")),
    *(Words("full updates"), Words("words from the mark"), Words("halting times")),
    *(Words("width"), Words("difficulty"), Words("ponder steps"), Words("cost share")),
    *(Words("blocks used"), Words("blocks kept"), Words("kept pixels"), Words("pixels kept")),
    *(Words("share of tokens kept"), Words("draws"), Words("mean draws"), Words("frames")),
    *(Words("frames looked at"), Words("the first that shows the digit"), Words("looks")),
    *(Words("mean layers"), Words("layers computed"), Words("passes"), Words("drafts accepted")),
    *(Words("accuracy of each layer's classifier"), Words("agreement with all layers")),
    *(Words("share of the right answer"), Words("draws of two answers"), Words("two answers")),
    *(Words("measured"), Words("theoretical speed-up"), Words("realised"), Words("wanted cost")),
    *(Words("quality"), Words("cost and quality"), Words("second-hand"), Words("unconfirmed")),
    *(Words("image classification"), Words("video LLM understanding")),
    *(Words("VLM understanding"), Words("language modelling"), Words("object detection")),
    *(Words("LLM reasoning"), Words("LLM generation"), Words("video recognition")),
    *(Words("algorithmic tasks"), Words("text classification"), Words("3D object detection")),
    *(Words("semantic segmentation"), Words("image generation"), Words("video generation")),
    *(Words("personalised text classification"), Words("robot manipulation (VLA)")),
    *(Words("video editing"), Words("visual tracking"), Words("video action detection")),
    *(Words("video-text retrieval"), Words("text summarisation"), Words("image captioning")),
    *(Words("instance segmentation"), Words("question answering")),
    *(Words("setting"), Words("verdict"), Words("weight"), Words("threshold"), Words("analytic")),
    *(Words("whole"), Words("by digit"), Words("halved"), Words("skipped"), Words("jumping")),
    *(Words("sorted"), Words("16 bits"), Words("8 bits"), Words("paper"), Words("ours")),
    *(Words("baseline"), Words("static"), Words("dense"), Words("exact"), Words("random")),
    *(Words("plain"), Words("sampled"), Words("window"), Words("merged"), Words("individual")),
    *(Words("agreed"), Words("decided"), Words("patience"), Words("uncertainty")),
    *(Words("all blocks"), Words("one layer"), Words("no branch"), Words("unit of two layers")),
    *(Words("fixed number"), Words("attended"), Words("attended and fused")),
    *(Words("image size"), Words("networks"), Words("difference")),
    *(Words("chosen places"), Words("random places"), Words("stage I"), Words("stage II")),
    *(Words("stage III"), Words("hides it"), Words("shows the digit"), Words("no policy network")),
    *(Words("test error"), Words("validation error"), Words("training loss"), Words("iterations")),
    *(Words("glimpses"), Words("glimpses anywhere"), Words("scale of the digit")),
    *(Words("deformable"), Words("modulated"), Words("dilated"), Words("deformable layers")),
    *(Words("on it"), Words("beside it")),
    Words("parameters added"),
)
"""Every part that is said in other languages, as it is kept."""

METRICS = {
    "accuracy_difference": Words("difference in accuracy"),
    "accuracy_gap": Words("gap in accuracy"),
    "bits_difference": Words("difference in bits"),
    "bits_per_character": Words("bits per character"),
    "cost_share": Words("cost share"),
    "effective_dilation": Words("effective dilation"),
    "epochs_ratio": Words("ratio of epochs"),
    "epochs_sd": Words("standard deviation of the epochs"),
    "error_difference": Words("difference in error"),
    "experts_difference": Words("difference in experts"),
    "fraction_used": Words("fraction used"),
    "information_share": Words("share of the information"),
    "leaves_difference": Words("difference in leaves"),
    "load_ratio": Words("load against the mean load"),
    "parameters_gap": Words("gap in parameters"),
    "rank_correlation": Words("rank correlation"),
    "relative_cost": Words("relative cost"),
    "router_z": Words("z of the router"),
    "spread_left": Words("spread that is left"),
    "step_size": Words("step size"),
    "tokens_difference": Words("difference in tokens"),
}
"""Words for metrics whose keys, as manifests and records keep them, are none."""


def told(name: str) -> str:
    """The name of a curve, an axis, a measure or a series in the language of the page.

    In English it is `name` itself, but for the keys of METRICS, and so is what has no translation.
    """
    name = ", ".join(METRICS.get(part, part)[:] for part in name.split(", "))
    if get_language() in (None, settings.LANGUAGE_CODE) or not name:
        return name
    if (whole := gettext(name)) != name:
        return whole
    return pgettext("parts of a name", ", ").join(_part(part) for part in name.split(", "))


def _part(part: str) -> str:
    known = gettext(part) if part else part
    if known != part:
        return known
    if " against " in part:
        y, x = part.split(" against ", 1)
        return gettext("{y} against {x}").format(y=_part(y), x=_part(x))
    if part.endswith(" while training"):
        what = _part(part.removesuffix(" while training"))
        return gettext("{what} while training").format(what=what)
    if numbered := re.fullmatch(r"(seed|budget) (\S+)", part):
        return f"{gettext(numbered[1])} {numbered[2]}"
    return part
