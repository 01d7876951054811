"""Chinese words of code lists and scales stand on forms: their punctuation is Chinese."""

from __future__ import annotations

import re

from models.core.fields import fields_of
from models.core.record import record_types
from models.scales import SCALES
from resources import table

HALF_WIDTH = re.compile(r"[\u4e00-\u9fff）][,;(:?!]|[,;:)][\u4e00-\u9fff]")


def test_half_width_signs_are_found() -> None:
    assert HALF_WIDTH.search("年满18周岁,具有独立生活能力") and HALF_WIDTH.search("收养(国内)")
    assert not HALF_WIDTH.search("收养（国内）") and not HALF_WIDTH.search("Barthel指数 3:1")


def test_no_code_of_any_field_has_half_width_punctuation_in_chinese() -> None:
    lists = {id(each.codes): each.codes for kind in record_types() for each in fields_of(kind) if each.codes}
    words = [(codes.name, code.chinese) for codes in lists.values() for code in codes]
    assert len(words) > 400
    assert [each for each in words if HALF_WIDTH.search(each[1])] == []


def test_no_scale_domain_or_band_has_half_width_punctuation_in_chinese() -> None:
    words = [row["chinese"] for row in table("rehab/scale_words.csv")]
    words += [row["domain_zh"] for row in table("rehab/scale_domains.csv")]
    words += [row["label_zh"] for row in table("rehab/scale_bands.csv")]
    words += [each.chinese for each in SCALES]
    assert [each for each in words if HALF_WIDTH.search(each)] == []
