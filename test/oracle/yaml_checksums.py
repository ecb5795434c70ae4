"""Checksums of YAML texts as Gammapy 2.1 verifies them (gammapy.utils.scripts.from_yaml): the MD5 of what PyYAML makes of the data.

    python yaml_checksums.py > yaml_checksums.json

PyYAML 6.0.3. Texts are random, of names and numbers that need quotes, escapes or line breaks.
"""

import hashlib
import json
import random

import yaml

WORDS = [
    "Crab", "Nebula", "a", "é", "µG", "it's", 'say "x"', "yes", "No", "1.0", "1e5", "1.0e+5", "0x1f", "012", "0:30", "1:30",
    "2026-01-02", "2026-1-2", "~", "null", "-", "- x", "a:", "a: b", "a #b", "#x", "?", "? y", ":", ".nan", "-.inf", "=", "<<", "@x", "`",
    "%", "!t", "&a", "*b", "|", "> x", "---", "... ", "", "  lead", "trail ", "two  spaces", "tab\tx", "\u00a0nb", "\U0001f600", "z" * 85,
    "1_000", "+1", "0b1", "0o7", "path/to/file.fits", "$GAMMAPY_DATA/x", "\\back", "[1]", "{a}", "x,y", ",x", "cm-2 s-1 TeV-1", "\x07", "\x7f",
]
NUMBERS = [1.0, 0.0, -0.0, True, False, None, float("nan"), float("inf"), float("-inf"), 1e16, 123456789012345680.0, 1e-5, 0.0001]
GAMMAPY = {"sort_keys": False, "indent": 4, "width": 80, "default_flow_style": False}
LAYOUTS = [
    GAMMAPY,
    {"sort_keys": False},
    {"sort_keys": False, "default_flow_style": None, "width": 1000},
    {"sort_keys": False, "allow_unicode": True},
]


def text():
    if random.random() < 0.6:
        return random.choice(WORDS)
    return " ".join(random.choice(WORDS) for _ in range(random.randint(2, 25)))


def key():
    return random.choice([*WORDS, *(f"k{i}" for i in range(200))])


def value(depth=0):
    kind = random.random()
    if depth < 4 and kind < 0.25:
        return {key(): value(depth + 1) for _ in range(random.randint(0, 4))}
    if depth < 4 and kind < 0.5:
        return [value(depth + 1) for _ in range(random.randint(0, 4))]
    if kind < 0.75:
        return text()
    more = [random.uniform(-1, 1) * 10.0 ** random.randint(-30, 30), random.randint(-(10**6), 10**20)]
    return random.choice([*NUMBERS, *more])


random.seed(11)
cases = []
for _ in range(150):
    data = {f"k{i}": value() for i in range(random.randint(1, 4))}
    written = yaml.dump(data, **random.choice(LAYOUTS))
    again = yaml.dump(yaml.safe_load(written), **GAMMAPY)
    cases.append({"text": written, "sum": hashlib.md5(again.encode()).hexdigest()})
print(json.dumps({"pyyaml": yaml.__version__, "cases": cases}, indent=0))
