"""Names for the search's benchmark: generic names put together from real parts, invented brands and organisations."""

from itertools import product
from random import Random

_BEFORE = "盐酸、硫酸、复方、注射用、重组人、磷酸、马来酸、富马酸、枸橼酸、酒石酸、小儿、醋酸、精制、浓、"
_SUBSTANCES = (
    "阿司匹林、硝普钠、头孢曲松钠、阿莫西林、二甲双胍、硝苯地平、氨氯地平、奥美拉唑、左氧氟沙星、布洛芬、"
    "对乙酰氨基酚、地高辛、肾上腺素、多巴胺、利多卡因、胰岛素、氯化钠、葡萄糖、"
    "维生素C、维生素B12、氨基酸、丹参、板蓝根、六味地黄、银杏叶、三七、"
    "血塞通、甲硝唑、环磷酰胺、顺铂、紫杉醇、甲氨蝶呤、阿托伐他汀钙、瑞舒伐他汀钙、氯吡格雷、华法林钠、肝素钠、"
    "地塞米松、泼尼松、氢化可的松、呋塞米、螺内酯、卡托普利、依那普利、"
    "缬沙坦、厄贝沙坦、氯沙坦钾、美托洛尔、比索洛尔、普萘洛尔、胺碘酮、硝酸甘油、"
    "单硝酸异山梨酯、吗啡、芬太尼、咪达唑仑、地西泮、苯巴比妥、"
    "丙戊酸钠、卡马西平、奥氮平、利培酮、氟西汀、舍曲林、阿昔洛韦、"
    "更昔洛韦、利巴韦林、恩替卡韦、拉米夫定、异烟肼、利福平、"
    "乙胺丁醇、吡嗪酰胺、氟康唑、伊曲康唑、两性霉素B、万古霉素、庆大霉素、"
    "阿奇霉素、克拉霉素、红霉素、青霉素、氨苄西林、哌拉西林、亚胺培南"
)
_FORMS = (
    "片、胶囊、注射液、颗粒、缓释片、肠溶片、滴眼液、口服溶液、软膏、分散片、肠溶胶囊、糖浆、栓、丸、乳膏"
)
_SOUNDS = (
    "恒瑞康宁华海正大天晴石药齐鲁长春乐福泰安和盛信立同仁济民普百草东方南国新星宝利佳美龙凤江河山川金银玉珠"
)
_CITIES = (
    "江苏、浙江、四川成都、重庆、广东深圳、北京、山东济南、上海、湖南长沙、湖北武汉、河北石家庄、云南昆明"
)
_BUSINESSES = (
    "制药股份有限公司、药业有限公司、医药集团股份有限公司、人民医院、大药房连锁有限公司、"
    "中心卫生院、制药厂、医药物流有限责任公司"
)


def generic_names(count: int) -> list[str]:
    """As many different names, some 19,000 at most."""
    parts = (_BEFORE.split("、"), _SUBSTANCES.split("、"), _FORMS.split("、"))
    names = sorted({"".join(each) for each in product(*parts)})
    return sorted(Random(1).sample(names, min(count, len(names))))


def brand(random: Random) -> str:
    """A trade name."""
    return "".join(random.sample(_SOUNDS, 3))


def organizations(count: int) -> list[str]:
    """As many different names of organisations."""
    random, names = Random(2), set[str]()
    while len(names) < count:
        names.add(random.choice(_CITIES.split("、")) + brand(random) + random.choice(_BUSINESSES.split("、")))
    return sorted(names)
