"""The record that every program of the comparison sets: a month of an invented child, three pages of it.

Title, facts and photo box, 31 x 12 daily grid, tables of therapy, goals and medicines, texts, plan, signatures.
No two children have the same figures. With charts, two growth charts stand beside that.
"""

from __future__ import annotations

from typing import Any

from models.month import Grid, MonthlyRecord, Section
from reports.columns import fitting
from reports.layout import BAND
from reports.page import WIDTH
from tests.reports import samples

_DAY = ("日期", "体温", "进食", "饮水", "睡眠", "大便", "小便", "情绪", "沐浴", "翻身", "口腔", "备注")
_MOODS, _MEALS = ("愉快", "平静", "烦躁", "平静"), ("全量", "半量", "全量", "少量")
_THERAPY = ("日期", "项目", "时间", "分钟", "目标", "表现", "治疗师")
_NOTES = (
    "本月生活规律，食欲较上月好转，能在提示下自己用勺吃完半碗饭。17日出现流涕、轻咳，体温最高37.2℃，经医生诊视后多饮水、密切观察，"
    "三日后症状消失。夜间睡眠平稳，午睡入睡时间由40分钟缩短至20分钟左右；喜欢听《小燕子》，听到歌声会抬头寻找。"
)
_STORY = (
    "12日与儿童做生命故事书第三页，孩子选择了中秋节的照片，能指认照片中的阿姨和同伴，并用手势表示“还要”。19日社会工作者陪同到社区图书馆，"
    "在绘本区停留25分钟，能翻页并模仿管理员的挥手动作。与学校老师沟通后确定下月每周三参加融合班的音乐课，由特教老师陪同；家庭寄养意向家庭第二次来院"
    "探访，互动约一小时，孩子主动递玩具两次，分离时无明显哭闹。个案计划按期推进，暂无需要调整的目标；情绪记录表显示午后烦躁次数由每周六次降到每周三次。"
)


def trial_record(number: int, *, charts: bool) -> MonthlyRecord:
    """Return one child's month; ``number`` changes names and figures."""
    name = f"曾小{chr(0x4E50 + number % 900)}"
    facts = (("姓名", name), *samples.FACTS[1:])
    sections = (
        _care(number), *((_growth(number),) if charts else ()), _medical(number), _therapy(number),
        Section("教育", (("学校", "院内特教班"), ("出勤", f"{16 + number % 5} / 20 天")), (), (("学期目标", "能指认红、黄、蓝三色；听到名字有回应。"),)),
        Section("社会工作", (), (), (("个案记录", _STORY), ("下月安排", _STORY[:120]))),
        Section("津贴", (("标准", "2,450.00 元/月"), ("应发", f"{2450 - number % 7 * 10:,.2f} 元"), ("发放", "2026-10-15"))),
    )  # fmt: skip
    return samples.record(
        *sections, facts=facts, name=name, number=f"2020-{number:03d}",
        warnings=("青霉素过敏：皮疹", "癫痫：发作超过 5 分钟立即呼叫医生"),
        plan=("康复复评（2026-11-12）", "乙脑疫苗第2剂（2026-11-20 起可种）", "类家庭生日会"),
    )  # fmt: skip


def _care(number: int) -> Section:
    rows = tuple(
        (
            f"10-{day:02d}", f"{36.1 + (day * 7 + number) % 9 / 10:.1f}", _MEALS[(day + number) % 4],
            str(700 + (day * 3 + number) % 6 * 100), str(8 + (day + number) % 4), str((day + number) % 3), "正常",
            _MOODS[(day + number) % 4], "是" if (day + number) % 2 else "", "q2h", "2次",
            "流涕，已通知医生" if day == 17 else "",
        )
        for day in range(1, 32)
    )  # fmt: skip
    facts = (
        ("在院天数", "31 天"),
        ("住院天数", "0 天"),
        ("外出", f"{number % 4} 次"),
        ("发热天数", "0 天"),
        ("癫痫发作", f"{number % 3} 次"),
    )
    return Section(
        "养护", facts, (Grid(_DAY, rows, "每日护理", frozenset({1, 3, 4})),), (("养护小结", _NOTES),), area="care"
    )


def _growth(number: int) -> Section:
    charts = (
        samples.chart("weight", 16.0 + number % 20 / 10, 0.12),
        samples.chart("stature", 104 + number % 25 / 10, 0.4),
    )
    return Section(
        "生长发育", (("体重", f"{18 + number % 9 / 10:.1f} kg"), ("身高", "109.4 cm")), chart=charts, area="care"
    )


def _medical(number: int) -> Section:
    visits = (
        ("2026-10-17 10:20", "巡诊", "上呼吸道感染", "多饮水，观察体温，必要时对症处理", "周医生"),
        ("2026-10-24 09:00", "复诊", "癫痫（稳定）", "左乙拉西坦口服溶液 0.25 g bid 继续", "周医生"),
    )
    drugs = (("左乙拉西坦口服溶液", "0.25 g", "bid", "62", str(61 - number % 3), str(number % 3 + 1)),)
    grids = (
        Grid(("时间", "类型", "诊断", "处理", "医生"), visits, "就诊"),
        Grid(("药品", "剂量", "频次", "应服", "实服", "漏服"), drugs, "用药", frozenset({3, 4, 5})),
    )
    return Section("医疗", (("就诊", "2 次"), ("住院", "0 天"), ("接种", "流感疫苗 1 剂")), grids, area="treatment")


def _therapy(number: int) -> Section:
    kinds, goals = ("运动疗法 PT", "作业疗法 OT", "言语治疗 ST"), ("独坐5分钟不倒", "双手传递积木", "理解10个指令")
    rows = tuple(
        (
            f"10-{1 + each * 31 // 18:02d}", kinds[each % 3], f"{8 + (each + number) % 3}:30", str(30 + each % 2 * 15),
            goals[each % 3], f"{5 + (each + number) % 5}/10次，需口头提示", ("李静", "周航", "钱琳")[each % 3],
        )
        for each in range(18)
    )  # fmt: skip
    plans = tuple((goal, "2026-09-01", "2026-12-31", "进行中", "较上月有进步，仍需口头提示") for goal in goals)
    grids = (
        Grid(_THERAPY, rows, "训练记录", frozenset({3})),
        Grid(("短期目标", "开始", "期限", "进展", "本月情况"), plans, "目标进展"),
    )
    facts = (("应训", "18 次"), ("实训", f"{18 - number % 3} 次"), ("出勤率", f"{100 - number % 3 * 5.6:.1f}%"))
    texts = (("治疗师小结", "配合度好，建议继续现有计划，下月增加踝足矫形器适应训练。"),)
    return Section("康复", facts, grids, texts, area="rehabilitation")


def as_plain(record: MonthlyRecord) -> dict[str, Any]:
    """Return what a record says as plain lists and words, for programs that know nothing of ours.

    They are given the widths of columns, which ours has to find out: that is to their advantage.
    """
    return {
        "name": record.name, "number": record.number, "facts": record.facts, "warnings": "；".join(record.warnings),
        "plan": "\n".join(f"{place}. {line}" for place, line in enumerate(record.plan, 1)),
        "sections": [_section(each) for each in record.sections],
    }  # fmt: skip


def _section(section: Section) -> dict[str, Any]:
    grids = [
        {
            "title": each.title, "headings": each.headings, "rows": [[cell or "/" for cell in row] for row in each.rows],
            "numeric": sorted(each.numeric), "widths": fitting(each.headings, each.rows, WIDTH - BAND),
        }
        for each in section.grids
    ]  # fmt: skip
    return {"title": section.title, "facts": section.facts, "grids": grids, "texts": section.texts}
