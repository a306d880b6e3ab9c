"""Signs by which an encoding is told: letters of languages, and signs that are in every text.

What a wrong decoder makes of a text is letters too, but seldom those of one language, and seldom
the frequent ones: bytes of Korean are rare Chinese characters.
"""

from __future__ import annotations

ALPHABETS = {
    "cp1252": (
        "äöüß",  # German
        "àâæçéèêëîïôœùûüÿ",  # French
        "áéíñóúü¿¡ºª",  # Spanish, Irish
        "àáâãçéêíóôõúü",  # Portuguese, Catalan
        "àèéìíòóùú",  # Italian
        "åäöéæø",  # Nordic
        "áéëïóöúü",  # Dutch
        "áéíóúýðþæö",  # Icelandic
        "õäöüšž",  # Estonian, Finnish
        "äöüßéáíóñçàèøåë",  # what names in one list of many countries mix
    ),
    "cp1250": (
        "ąćęłńóśźż",  # Polish
        "áčďéěíňóřšťúůýž",  # Czech
        "áäčďéíĺľňóôŕšťúýž",  # Slovak
        "áéíóöőúüű",  # Hungarian
        "čćđšž",  # Croatian, Slovene
        "ăâîşţșț",  # Romanian
        "äöüßčćšžáéíóýř",  # lists of many countries
    ),
    "cp1254": ("çğıöşüâîû",),  # Turkish
    "cp1251": (
        "абвгдежзийклмнопрстуфхцчшщъыьэюяё",  # Russian, Bulgarian
        "абвгдежзийклмнопрстуфхцчшщьюяєіїґ",  # Ukrainian
    ),
    "cp1253": ("αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ",),  # Greek
}
"""Letters beyond ASCII of the languages for which a family of encodings is used, in small."""

FAMILIES = {
    "cp1252": ("cp1252", "iso8859-15"),
    "cp1250": ("cp1250", "iso8859-2"),
    "cp1254": ("cp1254",),
}
"""Encodings of the same languages that write Latin letters; the first is the usual one."""

OTHER_FAMILIES = {"cp1251": ("cp1251", "koi8-r", "iso8859-5"), "cp1253": ("cp1253", "iso8859-7")}
"""Those of languages whose words are wholly beyond ASCII."""

TYPOGRAPHY = "“”‘’„‚«»‹›–—…•·°±×§©®™€\xa0\xad"

HAN = frozenset(
    "的模元型词与在分度以年月用并一层时可数多个训练算为出不由网理专络家合入计重量预定上中态日大动输每推加路视决间自前同选注力按少意器化成提本样行或图使最学性测存对置"
    "过思有次到习小保策块长下要类部稀疏步而率更能变解缩速缓信把码权通文处像其随相适逐倍门择只机题深需觉特何应内实值后作低将再调据问关代现是单语位各控无式积草剪结留得"
    "退接征减级混让效参频省头口整激活于先新答务节高强略依证言帧取配制生道向卷失经运即环任全早循键复空段停压续仅示批优跳考采所难从开扩均构免去状进降给损维目之止核比余"
    "发容回设完确散标增统方验枝线微联索放神投序起如升组精稿来延端域超足持差受编轻树几显形点链件法正支阈近共区读子看细表检引平则连辨当也衡主准系除断宽价会短条两换直被"
    "哪都息求归改享执三导且列干规已此越期别离他密迟种际集布者较些程做好载切约等达估查梯充局反粒简交若判因硬致案阶励固隐馈弃流丢负体基带展径填建明利乎造冗否写限奖函便"
    "试偏地替知移例够边指排收非就服面浅片获质聚首素软快融景避搜走协人国我们这那她你了没很天里事说想见电公司工研究科技第二四五六七八九十百千万东西南北京海院校报志刊市"
    "县教育社济政治历史民族世界华战管材料物医药农业境资源械航船舶铁筑水绘遥感矿石油王李张刘陈杨赵黄周吴徐孙胡朱林郭马罗梁宋郑谢韩唐冯董萧曹袁邓许傅沈曾彭吕苏卢蒋蔡贾"
    "丁魏薛叶阎潘杜戴夏钟汪田姜范姚谭廖邹熊金陆郝孔白崔康毛邱秦江顾侯邵孟龙雷钱汤尹黎易常武乔贺赖龚军伟磊洋勇艳杰娟涛霞刚桂丽芳静敏秀英玲燕红玉兰春梅飞鹏宇浩欣雨佳婷"
    "慧莹琳晓峰宏波斌辉鑫凯旭博晨阳雪云山太郎花鈴木"
)
"""Frequent Chinese characters, simplified: of texts about networks, of journals and of names."""

HANGUL = frozenset(
    "이다는의가에을를로고하한지인은기과사도자대어서나시리제정보수아부스일전해상그구성으들주적동신경망학연용및관법방계산네트워크모델습딥러닝김박최강조윤장임오권황안송"
    "홍영철희민준현우진호원재통합분석화효율심층데터처반결향된위실험간류변환선택양소형야"
)
"""Frequent Korean syllables."""
