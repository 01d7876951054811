"""The words of the daily nursing record 护理记录: what is observed, and from when on it is out of the ordinary."""

from __future__ import annotations

from datetime import date
from functools import cache

from models.calendar_rules import in_force
from models.core.words import Code, CodeList
from resources import table

TEMPERATURE_SITES = CodeList(
    "temperature_site",
    Code("armpit", "Armpit", "腋温"),
    Code("ear", "Ear", "耳温"),
    Code("forehead", "Forehead", "额温"),
    Code("mouth", "Mouth", "口温"),
    Code("rectum", "Rectum", "肛温"),
)
FEEDING = CodeList(
    "feeding",
    Code("self", "Eats alone", "自行进食"),
    Code("helped", "Eats with help", "协助进食"),
    Code("fed", "Is fed", "喂食"),
    Code("bottle", "Bottle", "奶瓶"),
    Code("tube", "Tube through the nose", "鼻饲"),
    Code("gastrostomy", "Gastrostomy", "胃造瘘"),
)
APPETITE = CodeList(
    "appetite",
    Code("all", "All", "全部吃完"),
    Code("most", "Most", "吃大部分"),
    Code("half", "Half", "吃一半"),
    Code("little", "Little", "吃很少"),
    Code("refused", "Refused", "拒食"),
)
SLEEP = CodeList(
    "sleep",
    Code("well", "Well", "安稳"),
    Code("light", "Lightly", "浅睡"),
    Code("restless", "Restless", "不安"),
    Code("little", "Hardly", "很少入睡"),
    Code("awake", "Was awake", "未睡"),
)
STOOLS = CodeList(
    "stool",
    Code("formed", "Formed", "成形"),
    Code("soft", "Soft", "软便"),
    Code("hard", "Hard", "干硬"),
    Code("loose", "Loose", "稀便"),
    Code("watery", "Watery", "水样便"),
    Code("mucus", "With mucus", "黏液便"),
    Code("blood", "With blood", "血便"),
)
URINE = CodeList(
    "urine",
    Code("normal", "Normal", "正常"),
    Code("little", "Little", "尿少"),
    Code("dark", "Dark", "尿色深"),
    Code("blood", "With blood", "血尿"),
    Code("none", "None", "无尿"),
)
SKIN = CodeList(
    "skin",
    Code("intact", "Intact", "完好"),
    Code("red", "Red bottom", "红臀"),
    Code("pressure", "Red from pressure", "压红"),
    Code("sore", "Pressure sore", "压疮"),
    Code("rash", "Rash", "皮疹"),
    Code("wound", "Wound or bruise", "破损或淤青"),
    Code("yellow", "Yellow", "黄染"),
)
MOOD = CodeList(
    "mood",
    Code("cheerful", "Cheerful", "愉快"),
    Code("calm", "Calm", "平静"),
    Code("tired", "Tired", "疲倦"),
    Code("tearful", "Tearful", "哭闹"),
    Code("restless", "Restless", "烦躁"),
    Code("withdrawn", "Withdrawn", "退缩少动"),
)
BATH = CodeList(
    "bath",
    Code("none", "None", "未洗"),
    Code("bath", "Bath", "洗澡"),
    Code("wash", "In bed", "擦浴"),
    Code("bottom", "Bottom", "清洗臀部"),
)

UNUSUAL = {
    "appetite": {"little": "warning", "refused": "warning"},
    "sleep": {"little": "warning", "awake": "warning"},
    "stool": {"watery": "warning", "mucus": "warning", "blood": "danger"},
    "urine": {"dark": "warning", "blood": "danger", "none": "danger"},
    "skin": {"red": "warning", "pressure": "warning", "sore": "danger", "rash": "warning", "wound": "warning", "yellow": "danger"},
    "mood": {"tearful": "info", "restless": "info", "withdrawn": "warning"},
}  # fmt: skip
"""Which observation is out of the ordinary, and how grave it is."""


@cache
def in_force_or_none(name: str, day: date) -> float | None:
    """Return a limit of the home's care in force on a day (``care/thresholds.csv``), None before its time."""
    rows = in_force(table("care/thresholds.csv"), day, key="name")
    return next((float(row["value"]) for row in rows if row["name"] == name), None)


def threshold(name: str, day: date) -> float:
    """Return a limit that has always been in force.

    Raises:
        KeyError: when there is none on that day.
    """
    value = in_force_or_none(name, day)
    if value is None:
        raise KeyError(name)
    return value
