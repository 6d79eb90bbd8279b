"""The names of China's public holidays, one code for each whatever a list calls it."""

from __future__ import annotations

# code: words that stand in its name, in the lists we read (Chinese notices and two packages)
NAMES: dict[str, tuple[str, ...]] = {
    "new_year": ("元旦", "New Year's Day"),
    "spring_festival": ("春节", "除夕", "Spring Festival", "Chinese New Year"),
    "tomb_sweeping": ("清明", "Tomb-Sweeping", "Tomb-sweeping"),
    "labour_day": ("劳动节", "五一", "Labour Day", "Labor Day"),
    "dragon_boat": ("端午", "Dragon Boat"),
    "mid_autumn": ("中秋", "Mid-Autumn", "Mid-autumn"),
    "national_day": ("国庆", "National Day"),
    "victory_day": ("抗战胜利", "抗日战争", "Anti-Fascist", "Victory"),
}


def holiday_code(name: str) -> str:
    """The code of the holiday that NAME means: the first word found wins; the name itself where it is none of these.

    "国庆节、中秋节" is one holiday of two names: its code joins both with "+".
    """
    found = sorted((name.index(word), code) for code, words in NAMES.items() for word in words if word in name)
    if not found:
        return name
    return "+".join(dict.fromkeys(code for _at, code in found))
