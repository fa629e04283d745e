"""Special control: what is never shown as on sale, and look-alikes that may be."""

import pytest

from schema.special_control import SpecialControl, special_control_of

CONTROLLED = {
    SpecialControl.NARCOTIC: """
        盐酸吗啡注射液 硫酸吗啡缓释片 枸橼酸芬太尼注射液 芬太尼透皮贴剂 注射用盐酸瑞芬太尼 枸橼酸舒芬太尼注射液
        盐酸哌替啶注射液 盐酸羟考酮缓释片 磷酸可待因片 酒石酸双氢可待因片 盐酸美沙酮口服溶液 盐酸氢吗啡酮注射液
        盐酸布桂嗪注射液 阿片粉 阿片酊 阿桔片 罂粟壳 复方樟脑酊 盐酸地芬诺酯 福尔可定 富马酸奥赛利定注射液
        富马酸泰吉利定注射液 盐酸二氢埃托啡舌下片 盐酸可卡因 大麻二酚 右丙氧芬
    """,
    SpecialControl.PSYCHOTROPIC_1: """
        盐酸氯胺酮注射液 盐酸艾司氯胺酮注射液 盐酸哌甲酯缓释片 三唑仑片 司可巴比妥钠 丁丙诺啡透皮贴剂 γ-羟丁酸
        羟丁酸钠注射液 咪达唑仑注射液 马吲哚片 甲基苯丙胺 去氧麻黄碱
    """,
    SpecialControl.PSYCHOTROPIC_2: """
        地西泮片 地西泮注射液 氯硝西泮片 劳拉西泮片 奥沙西泮片 艾司唑仑片 阿普唑仑片 咪达唑仑口服溶液
        注射用苯磺酸瑞马唑仑 氯氮䓬片 氯氮卓片 酒石酸唑吡坦片 佐匹克隆片 右佐匹克隆片 扎来普隆胶囊 盐酸曲马多缓释片
        氨酚曲马多片 地佐辛注射液 酒石酸布托啡诺注射液 盐酸纳布啡注射液 喷他佐辛注射液 苯巴比妥片 苯巴比妥钠注射液
        异戊巴比妥片 咖啡因 安钠咖注射液 麦角胺咖啡因片 氨酚羟考酮片 氨酚双氢可待因片 复方磷酸可待因口服溶液
        复方地芬诺酯片 丁丙诺啡纳洛酮舌下片 氢溴酸右美沙芬片 盐酸纳呋拉啡口崩片 吡仑帕奈片 苏沃雷生片 莫达非尼片
        甲丙氨酯片
    """,
    SpecialControl.TOXIC: "A型肉毒毒素 注射用Ａ型肉毒毒素 亚砷酸氯化钠注射液 注射用三氧化二砷 生川乌 斑蝥",
    SpecialControl.RADIOACTIVE: """
        碘[131I]化钠口服溶液 碘〔１２５Ｉ〕密封籽源 碘-131 碘(131Ⅰ)化钠胶囊 锝[99mTc]亚甲基二膦酸盐
        氟[18F]脱氧葡糖注射液
        [177Lu]氧奥曲肽 氯化锶[89Sr]注射液 氯化镭[223Ra]注射液 尿素[14C]胶囊 磷[32P]酸钠 I-125粒子 枸橼酸镓[67Ga]
        前列腺特异抗原免疫放射分析药盒
    """,
    SpecialControl.PRECURSOR: "盐酸麻黄碱注射液 盐酸伪麻黄碱片 氨酚伪麻美芬片 马来酸麦角新碱注射液 麻黄素滴鼻液",
}
NOT_CONTROLLED = """
    盐酸纳洛酮注射液 盐酸纳曲酮片 盐酸纳美芬注射液 甲基纳曲酮 盐酸阿扑吗啡舌下片 盐酸罂粟碱注射液 盐酸洛哌丁胺胶囊
    盐酸地芬尼多片 枸橼酸喷托维林片 那可丁片 卡马西平片 奥卡西平片 氯氮平片 奥氮平片 盐酸安非他酮缓释片
    右美托咪定注射液 丙泊酚乳状注射液 硫酸阿托品注射液 硝酸毛果芸香碱滴眼液 去乙酰毛花苷注射液 地高辛片
    肉毒抗毒素 破伤风抗毒素 尿素[13C]胶囊 脂肪乳注射液(C14-24) 复方氨基酸注射液(18AA-Ⅱ) 甲型H1N1流感病毒裂解疫苗
    麻黄汤 麻黄止嗽丸 火麻仁 麻仁润肠丸 六神丸 复方斑蝥胶囊 去甲斑蝥素片 牛黄解毒片 氨茶碱片 安乃近片
    尼麦角林片 阿司匹林肠溶片 盐酸二甲双胍片 β-羟丁酸测定试剂盒 碘化钾片 胺碘酮片 氟康唑胶囊
"""


@pytest.mark.parametrize(
    ("name", "control"),
    [(name, control) for control, names in CONTROLLED.items() for name in names.split()],
)
def test_controlled(name: str, control: SpecialControl) -> None:
    """Generic names with salts, forms, widths and brackets fall under their class."""
    assert special_control_of(name) is control


@pytest.mark.parametrize("name", NOT_CONTROLLED.split())
def test_lookalikes_are_free(name: str) -> None:
    """Antagonists, stable isotopes, ready-made herbal medicines and near spellings are not controlled."""
    assert special_control_of(name) is None


@pytest.mark.parametrize("name", ["盐酸 吗啡 注射液", "盐酸·吗啡", "芬-太-尼", "地\u200b西泮"])
def test_marks_cannot_hide_a_stem(name: str) -> None:
    """Blanks, dots, dashes and invisible marks inside a name do not open it."""
    assert special_control_of(name) is not None


def test_a_lookalike_does_not_cover_for_its_neighbour() -> None:
    """A free name beside a controlled one in the same text leaves the text controlled."""
    assert special_control_of("阿扑吗啡/吗啡") is SpecialControl.NARCOTIC


def test_empty_name() -> None:
    """No name, no class."""
    assert special_control_of("") is None
