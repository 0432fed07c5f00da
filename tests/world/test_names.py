"""Names are Faker's as frozen, fictional where they name a place, and a function of the words alone."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import pytest

from vsim.errors import UsageError
from vsim.report.package_privacy import identity_numbers, telephone_numbers
from vsim.spec.tables import load_tables
from vsim.world import names
from vsim.world.stations import STATION_KINDS

WORDS = np.random.default_rng(20250106).integers(0, 2**32, (50_000, 2), dtype=np.uint32)
FEMALE = np.arange(50_000) % 2
HAN = re.compile("[一-鿿]+")
COMPOUND = "欧阳"
PROVINCES = """
北京 天津 河北 山西 内蒙 辽宁 吉林 黑龙 上海 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南
广东 广西 海南 重庆 四川 贵州 云南 西藏 陕西 甘肃 青海 宁夏 新疆 香港 澳门 台湾
"""
# real places that begin with characters which invented names use too
KNOWN = """
青岛 青川 青浦 青原 青县 青冈 青田 青阳 清原 清河 清远 清流 清涧 清江 云溪 云浮 云霄 云岩
云阳 云龙 云和 松溪 松原 松江 松滋 松潘 竹溪 竹山 柏乡 梅里 梅州 梅江 兰州 兰溪 兰坪 枫溪
桐乡 桐城 桐庐 桃源 桃江 荷塘 菱湖 芦溪 芦山 禾川 麦积 榆林 榆树 榆次 樱桃 茶陵 霞浦 霞山
虹口 虹桥 晨光 星子 月湖 曦城 澄江 澄海 澄城 潭溪 湖里 桥东 桥西 岸边 沙坡 沙湾 沙坪 沙县
石林 石泉 石河 石家 石嘴 谷城 亭湖 塔城 塔河 钟山 钟祥 鼓楼 鼓浪 砚山 锦州 锦屏 锦江 锦溪
绣山 陶瓷 玉林 玉溪 玉泉 玉环 玉山 玉树 珠海 珠山 翠屏 翠湖 碧江 丹江 丹寨 丹东 丹阳 丹巴
朱家 紫金 紫阳 紫云 蓝田 蓝山 白山 白云 白城 白银 白塔 白河 素珠 岚山 岚皋 芷江 荔浦 荔波
荔湾 虎丘 雷州 银川 溪湖
桃园 云林 石岗 翠湖 观塘 沙田 锦田 西湖 云浮
"""


def test_the_installed_faker_still_yields_the_frozen_lists() -> None:
    assert names.frozen_text() == names.ASSET.read_text(encoding="utf-8")


def test_the_same_words_give_the_same_names_one_by_one_or_together() -> None:
    together = names.person_names(WORDS[:200], FEMALE[:200])
    alone = [names.person_names(WORDS[i : i + 1], FEMALE[i : i + 1])[0] for i in range(200)]
    assert together == alone
    assert names.person_names(WORDS[:3], [False, True, False]) == together[:3]


def test_the_first_names_are_those_of_this_version() -> None:
    words = np.array([[0, 0], [2**31, 2**31], [2**32 - 1, 2**32 - 1]], dtype=np.uint32)
    assert names.person_names(words, [0, 0, 1]) == ["王伟", "胡斌刚", "由金花"]


def test_four_in_five_given_names_have_two_characters() -> None:
    people = names.person_names(WORDS, FEMALE)
    lengths = [len(name) - (2 if name.startswith(COMPOUND) else 1) for name in people]
    assert set(lengths) == {1, 2}
    assert 0.80 < np.mean(np.array(lengths) == 2) < 0.85
    assert all(HAN.fullmatch(name) for name in set(people))
    assert len(set(people)) > 30_000


def test_surnames_are_as_common_as_faker_s_weights() -> None:
    counts = Counter(name[0] for name in names.person_names(WORDS, FEMALE))
    weights = names.faker_lists()["surnames"]
    total = sum(weights.values())
    for surname in ("王", "李", "张", "刘", "陈"):
        expected = weights[surname] / total * len(WORDS)
        assert abs(counts[surname] - expected) < 5 * expected**0.5


def test_given_names_follow_sex() -> None:
    women, men = names.given_names(True)[0], names.given_names(False)[0]
    assert {"秀英", "婷", "丽娟"} <= set(women)
    assert {"建国", "强", "志强"} <= set(men)
    assert not {"红霞", "秀英"} & set(men)
    for people in (women, men):
        assert len(set(people)) == len(people)


def test_no_name_of_a_well_known_person_is_given() -> None:
    avoid = set(names._asset()["people"]["avoid"])
    assert {"李强", "马云", "姚明", "李娜"} <= avoid
    assert not avoid & set(names.person_names(WORDS, FEMALE))
    surnames, totals = names.surnames()
    word = (int(totals[surnames.index("李") - 1]) * 2**32 // int(totals[-1])) + 2**20
    given, weights = names.given_names(False)
    place = given.index("强")
    second = (int(weights[place - 1]) * 2**32 // int(weights[-1])) + 2**10
    [name] = names.person_names(np.array([[word, second]], dtype=np.uint32), [0])
    assert name == "李" + given[place + 1]


@pytest.mark.parametrize("n", [0, 1, 4, 40, 99, 100, 2844, 5000])
def test_districts_have_codes_of_one_width_and_different_names(n: int) -> None:
    places = names.district_names(n)
    assert len(places) == n
    assert len({place.code for place in places}) == len({place.name for place in places}) == n
    assert all(re.fullmatch(r"D\d+", place.code) and HAN.fullmatch(place.name) for place in places)
    assert len({len(place.code) for place in places}) <= 1
    assert all(len(place.code) >= 3 for place in places)


def test_the_name_of_a_district_does_not_depend_on_how_many_there_are() -> None:
    few, many = names.district_names(40), names.district_names(2844)
    assert [place.name for place in few] == [place.name for place in many[:40]]


def test_no_invented_place_bears_the_name_of_a_real_one() -> None:
    stems = {place.name[:2] for place in (*names.district_names(3000), *names.prefecture_names(60))}
    assert not stems & set(PROVINCES.split())
    assert not stems & set(KNOWN.split())
    assert names.region_name() == ("Yunchuan", "云川")


def test_prefectures_and_districts_share_no_name_in_any_preset() -> None:
    districts = {place.name[:2] for place in names.district_names(2844)}
    assert not districts & {place.name[:2] for place in names.prefecture_names(20)}


def test_every_legal_form_and_kind_of_station_has_names_and_each_is_the_only_one() -> None:
    forms = load_tables()["organisations"].column("legal_form").enum or ()
    kinds = load_tables()["stations"].column("kind").enum or ()
    places = [place.name for place in names.district_names(40)]
    for make, choices in ((names.org_names, forms), (names.station_names, kinds)):
        some = [choices[i % len(choices)] for i in range(8000)]
        given = make(WORDS[:8000], [places[i % 40] for i in range(8000)], some)
        assert len(set(given)) == 8000
        assert all(name.startswith(places[i % 40]) for i, name in enumerate(given))
        assert not identity_numbers("\n".join(given))
        assert not telephone_numbers("\n".join(given))


def test_every_kind_of_station_in_the_world_has_a_name_and_communities_have_their_own() -> None:
    names.station_names(WORDS[: len(STATION_KINDS)], ["x"] * len(STATION_KINDS), STATION_KINDS)
    given = names.community_names(WORDS[:320], [f"{i % 40}" for i in range(320)])
    assert len(set(given)) == 320
    assert all(name.startswith(f"{i % 40}") for i, name in enumerate(given))


def test_a_wrong_request_says_what_is_allowed() -> None:
    with pytest.raises(UsageError, match="Did you mean 'school'"):
        names.org_names(WORDS[:1], ["x"], ["shool"])
    with pytest.raises(UsageError, match=r"allowed \(n, 2\)"):
        names.person_names(WORDS[:, 0], FEMALE)
    with pytest.raises(UsageError, match="shape of female"):
        names.person_names(WORDS[:3], FEMALE[:2])
    with pytest.raises(UsageError, match="number of districts is 99999"):
        names.district_names(99_999)
    with pytest.raises(UsageError, match="number of prefectures is -1"):
        names.prefecture_names(-1)
