"""Invented months to print: an empty one, an ordinary one, and one that is far too full."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from models.growth_chart import GrowthChart, RawPoint, growth_chart
from models.month import Grid, Month, MonthlyRecord, Section
from models.papers import PaperHead

HEAD = PaperHead("青禾市儿童福利院", "", datetime(2026, 11, 2, 9, 30), "林院长")
OCTOBER = Month(2026, 10)

FACTS = (
    ("姓名", "曾小乐"), ("性别", "男"), ("出生日期", "2020-01-01（推定）"), ("年龄", "约6岁9个月"),
    ("民族", "汉族"), ("入院日期", "2020-03-15"), ("班组", "向日葵家庭 3床"), ("养育方式", "类家庭养育"),
    ("儿童类别", "无法查明父母的儿童"), ("残疾", "肢体（脑瘫） 二级"),
)  # fmt: skip


def record(*sections: Section, **more: object) -> MonthlyRecord:
    """Return a record with these sections."""
    values = {"facts": FACTS, "name": "曾小乐", "number": "2020-001", **more}
    return MonthlyRecord(child_id="c1", month=OCTOBER, sections=sections, **values)  # type: ignore[arg-type]


def empty() -> MonthlyRecord:
    """A month in which nothing was written down."""
    titles = ("养护", "生长发育", "医疗", "康复", "教育", "安全", "社会工作", "津贴")
    return record(*(Section(title) for title in titles), facts=(("姓名", "曾小乐"), ("性别", ""), ("民族", "")))


def care() -> Section:
    """The daily grid of a month, 31 lines of 11 columns."""
    headings = ("日期", "体温", "进食", "饮水", "睡眠", "大便", "小便", "情绪", "沐浴", "翻身", "备注")
    moods = ("愉快", "平静", "烦躁", "平静")
    rows = tuple(
        (
            f"10-{day:02d}", f"{36.3 + day % 7 / 10:.1f}", "全量" if day % 5 else "半量", f"{800 + day % 4 * 100}",
            f"{9 + day % 3}", str(day % 3), "正常", moods[day % 4], "是" if day % 2 else "", "q2h",
            "流涕，已通知医生" if day == 17 else "",
        )
        for day in range(1, 32)
    )  # fmt: skip
    facts = (("在院天数", "31 天"), ("住院天数", "0 天"), ("外出", "2 次"), ("发热天数", "0 天"), ("癫痫发作", "1 次"))
    text = (
        "本月生活规律，食欲较上月好转，能在提示下自己用勺吃完半碗饭。10月17日出现流涕、轻咳，体温最高37.2℃，经医生诊视后多饮水、"
        "密切观察，三日后症状消失。夜间睡眠平稳，午睡入睡时间由40分钟缩短至20分钟左右；喜欢听《小燕子》，听到歌声会抬头寻找。"
    )
    return Section(
        "养护", facts, (Grid(headings, rows, "每日护理", frozenset({1, 3, 4})),), (("养护小结", text),), area="care"
    )


def chart(indicator: str, first: float, step: float, count: int = 12, months: float = 69.0) -> GrowthChart:
    """A boy's growth over a year."""
    points = [
        RawPoint(date(2026, 10, 5), first + step * number, (months + number - 1, months + number, months + number + 1))
        for number in range(count)
    ]
    words = {"weight": ("年龄别体重", "体重 (kg)"), "stature": ("年龄别身高", "身高 (cm)")}[indicator]
    drawn = growth_chart("china", indicator, "boys", points)
    return replace(drawn, title=words[0], y_label=words[1], x_label="年龄 (岁)")


def growth() -> Section:
    """Two measurements and two charts."""
    rows = (
        ("10-05", "年龄别体重", "18.2 kg", "−0.86", "中", ""), ("10-05", "年龄别身高", "109.4 cm", "−1.12", "中下", ""),
        ("10-05", "年龄别 BMI", "15.2", "−0.09", "中", ""),
    )  # fmt: skip
    charts = (chart("weight", 17.0, 0.12), chart("stature", 105.5, 0.4))
    return Section(
        "生长发育", (("体重", "18.2 kg（+0.2）"), ("身高", "109.4 cm（+0.6）"), ("BMI", "15.2 kg/m²")),
        (Grid(("日期", "指标", "数值", "z", "等级", "备注"), rows, "", frozenset({2, 3})),),
        (("依据", "WS/T 423-2022；按推定出生日期计算，横线表示可能的年龄范围。"),), chart=charts, area="care",
    )  # fmt: skip


def therapy() -> Section:
    """Sessions by type, and goals."""
    rows = (
        ("运动疗法 PT", "12", "11", "330", "91.7%", "病假1次"), ("作业疗法 OT", "8", "8", "240", "100.0%", ""),
        ("言语治疗 ST", "8", "7", "210", "87.5%", "外出1次"), ("感觉统合", "4", "4", "120", "100.0%", ""),
        ("合计", "32", "30", "900", "93.8%", ""),
    )  # fmt: skip
    goals = (
        ("独坐 5 分钟不倒", "2026-09-01", "2026-12-31", "基本达到", "由 2 分钟增至 4 分 30 秒"),
        ("双手传递积木 8/10 次", "2026-09-01", "2026-12-31", "进行中", "6/10 次，需口头提示"),
        ("理解“给我”“再见”等 10 个指令", "2026-09-01", "2026-12-31", "进行中", "7/10"),
    )
    return Section(
        "康复", (("应训", "32 次"), ("实训", "30 次"), ("出勤率", "93.8%")),
        (
            Grid(("项目", "应训", "实训", "分钟", "出勤率", "缺席原因"), rows, "训练统计", frozenset({1, 2, 3, 4})),
            Grid(("短期目标", "开始", "期限", "进展", "本月情况"), goals, "目标进展"),
        ),
        (("治疗师小结", "配合度好，建议继续现有计划，下月增加踝足矫形器适应训练。"),), area="rehabilitation",
    )  # fmt: skip


def ordinary() -> MonthlyRecord:
    """A month as most are."""
    visits = (
        ("2026-10-17 10:20", "巡诊", "上呼吸道感染", "多饮水，观察体温，必要时对症处理", "周医生"),
        ("2026-10-24 09:00", "复诊", "癫痫（稳定）", "左乙拉西坦口服溶液 0.25 g bid 继续", "周医生"),
    )
    drugs = (("左乙拉西坦口服溶液", "0.25 g", "bid", "62", "61", "1"),)
    return record(
        care(),
        growth(),
        Section("医疗", (("就诊", "2 次"), ("住院", "0 天"), ("接种", "流感疫苗 1 剂")), (
            Grid(("时间", "类型", "诊断", "处理", "医生"), visits),
            Grid(("药品", "剂量", "频次", "应服", "实服", "漏服"), drugs, "用药", frozenset({3, 4, 5})),
        ), area="treatment"),
        therapy(),
        Section("教育", (("学校", "院内特教班"), ("出勤", "18 / 20 天")), (), (("学期目标", "能指认红、黄、蓝三色；听到名字有回应。"),)),
        Section("安全"),
        Section("社会工作", (), (), (("个案记录", "10月12日与儿童做生命故事书第三页，孩子选择了中秋节的照片。"),)),
        Section("津贴", (("标准", "2,450.00 元/月"), ("应发", "2,450.00 元"), ("发放", "2026-10-15"))),
        warnings=("青霉素过敏：皮疹", "癫痫：发作超过 5 分钟立即呼叫医生"),
        plan=("康复复评（2026-11-12）", "乙脑疫苗第2剂（2026-11-20 起可种）", "类家庭生日会"),
    )  # fmt: skip


def overfull(times: int = 40) -> MonthlyRecord:
    """A month with far more to say than any form foresees."""
    long = "情况记录：" + "患儿今日精神可，食欲一般，体温37.1℃，遵医嘱继续观察；" * times
    lines = tuple(
        (f"2026-10-{1 + n % 31:02d}", f"第{n}条", "内容" * (n % 17 + 1), f"{n * 1.5:.2f}") for n in range(3 * times)
    )
    return record(
        care(), therapy(),
        Section("社会工作", (("超长字段名称超长字段名称", "值" * 60), ("短", "1")), (
            Grid(("日期", "编号", "内容", "金额"), lines, "流水", frozenset({3})),
            Grid(("一列",), tuple(("很长的单元格文字" * times,) for _n in range(3)), "长单元格"),
        ), (("记录", long), ("无空格", "A" * 10_000), ("换行", "一行\n" * times))),
        warnings=tuple(f"警示{n}：注意事项" for n in range(20)), plan=tuple(f"计划事项第{n}项" for n in range(times)),
        facts=(*FACTS, ("备注", "很长的备注" * 20)),
    )  # fmt: skip
