"""Chinese questions in English, word by word: most papers here are written in English alone.

The words are those of the taxonomy, the glossary and the methods, with a few of everyday
language; the longest that fits is taken at each place, so that 视觉词元剪枝 is "visual token
pruning". What is in none of them is left out: this finds papers and translates nothing for readers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from papers.models import Method, Term
from papers.search.language.resolving import Meaning
from papers.search.words import analysis
from taxonomy.models import Topic

EVERYDAY = {
    "人工智能": "artificial intelligence",
    "优化": "optimization",
    "低延迟": "low latency",
    "分割": "segmentation",
    "分类": "classification",
    "剪枝": "pruning",
    "加速": "acceleration",
    "动作识别": "action recognition",
    "动态": "dynamic",
    "卷积": "convolution",
    "压缩": "compression",
    "参数": "parameters",
    "图像": "image",
    "大模型": "large language model",
    "大语言模型": "large language model",
    "多模态": "multimodal",
    "字符": "character",
    "学习": "learning",
    "宽度": "width",
    "层": "layer",
    "嵌入式": "embedded",
    "循环神经网络": "recurrent neural network",
    "微调": "fine-tuning",
    "推理": "inference",
    "效率": "efficiency",
    "文本": "text",
    "时间": "time",
    "本地": "on-device",
    "机器翻译": "machine translation",
    "梯度": "gradient",
    "检测": "detection",
    "模型": "model",
    "注意力": "attention",
    "深度": "depth",
    "点云": "point cloud",
    "理论": "theory",
    "生成": "generation",
    "目标检测": "object detection",
    "硬件": "hardware",
    "神经网络": "neural network",
    "空间": "spatial",
    "精度": "accuracy",
    "综述": "survey",
    "网络": "network",
    "自适应": "adaptive",
    "节能": "energy saving",
    "视觉": "vision",
    "视频": "video",
    "视频理解": "video understanding",
    "计算": "computation",
    "计算量": "computation",
    "训练": "training",
    "训练方法": "training",
    "识别": "recognition",
    "语义分割": "semantic segmentation",
    "语言": "language",
    "语言模型": "language model",
    "语音": "speech",
    "语音识别": "speech recognition",
    "调度": "scheduling",
    "跳过": "skipping",
    "轻量": "lightweight",
    "轻量化": "lightweight",
    "通道": "channel",
    "部署": "deployment",
    "量化": "quantization",
    "长文本": "long context",
    "难样本": "hard samples",
    "预测": "prediction",
    "预训练": "pre-training",
    "高效": "efficient",
    "鲁棒性": "robustness",
}
"""Words that questions are asked with, and no glossary of the field explains."""


def in_english(text: str, meaning: Meaning) -> str:
    """The text with English words for the Chinese ones that are known; "" if it has none such.

    "视觉 Transformer 的早退" gives "vision transformer early exit".
    """
    if not analysis.cjk_runs(text):
        return ""
    return translated(text, _known(meaning.topics.by_id.values()))


def translated(text: str, known: Mapping[str, str]) -> str:
    """As `in_english`, with the words given, in simplified characters.

    Of the wordings of the text, that counts of which the least is left in Chinese.
    """
    read = [_word_by_word(wording, known) for wording in analysis.wordings(text)]
    best = min(filter(None, read), key=_left_in_chinese, default="")
    return " ".join(analysis.without_cjk(best).split())


def _left_in_chinese(mixed: str) -> int:
    return sum(map(len, analysis.cjk_runs(mixed)))


def _word_by_word(simple: str, known: Mapping[str, str]) -> str:
    """The text with what is known in English, the rest as it was; "" where nothing is known."""
    longest = max(map(len, known), default=0)
    parts: list[str] = []
    place, is_any = 0, False
    while place < len(simple):
        word = next(
            (
                simple[place:end]
                for end in range(min(len(simple), place + longest), place, -1)
                if simple[place:end] in known
            ),
            "",
        )
        parts.append(f" {known[word]} " if word else simple[place])
        is_any = is_any or bool(word)
        place += len(word) or 1
    return "".join(parts) if is_any else ""


def _known(topics: Iterable[Topic]) -> dict[str, str]:
    """What each Chinese word is called in English; what the glossary says goes before the rest."""
    methods = Method.objects.visible_to(None).exclude(name_zh="").values_list("name_zh", "name")
    named = [*methods, *((topic.name_zh, topic.name) for topic in topics if topic.name_zh)]
    known = EVERYDAY | {_plain(chinese): english for chinese, english in named}
    for chinese, english, variants in Term.objects.values_list("zh", "en", "variants_zh"):
        known |= dict.fromkeys(map(_plain, (chinese, *variants)), english)
    return {word: english for word, english in known.items() if analysis.cjk_runs(word)}


def _plain(word: str) -> str:
    return analysis.simplified(analysis.normal(word))
