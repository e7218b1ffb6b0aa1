"""A class of generated submissions: right, wrong, broken and hostile, each with the marks it should get.

python tests/class_of.py 200 folder/      # writes the class, and prints how many of each kind
"""

import io
import json
import struct
import sys
import zipfile
from pathlib import Path

from wmlib.challenges import load, source, source_of
from wmlib.challenges.classroom.grade import runnable

TASK, STEPS = "day12_plan_score", "day01_classic"
FULL, SOME, NONE = "full", "some", "none"

# What a hostile student writes behind the starter's first answer: no marks.
NOTHING = {
    "crashes": "raise ValueError('I give up')",
    "syntax": "def score(:",
    "loops": "while True:\n    pass",
    "eats memory": "pile = []\nwhile True:\n    pile.append(bytearray(50_000_000))",
    "forks": "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass",
    "leaves": "import os\nos._exit(0)",
    "exits": "import sys\nsys.exit(0)",
    "floods": "while True:\n    print('x' * 100_000)",
    "fills the disk": "import tempfile\nwith tempfile.TemporaryFile() as f:\n    while True:\n        f.write(bytes(1 << 20))",
    "reads the tests": """
import glob
found = glob.glob('/**/instructor', recursive=True) + glob.glob('/**/hidden.py', recursive=True)
if not found: raise SystemExit('nothing to be found')
score = lambda *a: open(found[0]).read()""",
    "imports the tests": f"from wmlib.challenges.{TASK}.instructor import hidden",
    "asks the network": """
import urllib.request
urllib.request.urlopen('http://1.1.1.1', timeout=5)""",
    "equals everything": """
class Yes:
    def __eq__(self, other): return True
    __lt__ = __le__ = __gt__ = __ge__ = __eq__
    def __float__(self): return 7.0
    def __array__(self, *a, **k): raise ValueError
    def __getattr__(self, name): return self
    def __call__(self, *a, **k): return self
    def __iter__(self): return iter([self])
    def __len__(self): return 1
score = Yes()""",
    "patches wmlib": """
import wmlib.challenges.challenge as c, wmlib.challenges.examine as e
c.mistake = lambda *a: None
e.mistake = lambda *a: None
e.examine = lambda *a, **k: {'marks': 99}
object.__setattr__(challenge, 'parts', ()) if 'challenge' in globals() else None""",
    "patches numpy": """
import numpy as np
np.allclose = np.isclose = lambda *a, **k: True
np.asarray = lambda *a, **k: 7.0""",
    "patches torch and random": """
import random, torch, gymnasium
torch.manual_seed = random.seed = lambda *a: None
gymnasium.make = lambda *a, **k: None""",
    "speaks the protocol": """
import os, json, struct
for marks in ({'marks': 10}, {'id': 1, 'value': None}, {'id': 2, 'value': [7.0]}, {'id': 3, 'value': [7.0]}):
    body = json.dumps(marks).encode()
    for fd in range(12):
        try: os.write(fd, struct.pack('>I', len(body)) + body)
        except OSError: pass""",
    "closes the pipe": "import os\nfor fd in range(3, 50):\n    try: os.close(fd)\n    except OSError: pass",
    "sends a huge number": "score = lambda *a: [10 ** 100_000]",
    "sends deep lists": "x = []\nfor _ in range(100_000): x = [x]\nscore = lambda *a: x",
    "sends a huge array": "import numpy as np\nscore = lambda *a: np.zeros(20_000_000)",
    "sends NaN": "score = lambda *a: [float('nan')] * len(a[0])",
    "kills everybody": "import os, signal\nos.kill(-1, signal.SIGKILL)",
    "ends its parent": "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\nos._exit(0)",
    "sleeps": "import time\ntime.sleep(10_000)",
}
# Hostile things behind the solution, which fail and leave it as it is: full marks.
AND_RIGHT = {
    "writes outside": """
import os
for path in ('/etc/pwned', '/course/pwned', '/usr/pwned', '/pwned', '../pwned', os.path.expanduser('~root/pwned')):
    try: open(path, 'w').write('x')
    except OSError: pass""",
    "leaves a daemon": """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(60)
    os._exit(0)""",
    "prints much": "print('x' * 1_000_000)",
    "changes folder": "import os\nos.chdir('/')",
    "stops after it": None,  # a cell behind the solution that crashes
}


def cells_of(notebook, behind="", after=""):
    """The notebook with a cell behind the first answer and one at the end."""
    made = json.loads(json.dumps(notebook))
    new = lambda text: {
        "cell_type": "code",
        "id": "mine",
        "metadata": {},
        "execution_count": None,
        "outputs": [],
        "source": text,
    }
    first = next(
        i for i, c in enumerate(made["cells"]) if "answer" in c["metadata"].get("tags", [])
    )
    if behind:
        made["cells"].insert(first + 1, new(behind))
    if after:
        made["cells"].append(new(after))
    return made


def text(notebook):
    return json.dumps(notebook).encode()


def bomb():
    """A zip of some kilobytes that would be a gigabyte."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("day.ipynb", bytes(1 << 30))
    return out.getvalue()


def zipped(name, data):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


def kinds():
    """Every kind once: (kind, file name, data, marks wanted)."""
    src, steps = source.read(source_of(TASK)), source.read(source_of(STEPS))
    solution, starter = source.solution(src), source.starter(src, load(TASK))
    made = [
        ("right", "{who}.ipynb", text(solution), FULL),
        ("starter", "{who}.ipynb", text(starter), NONE),
    ]
    made += [
        (f"wrong {i}", "{who}.ipynb", text(w.notebook), SOME)
        for i, w in enumerate(source.wrongs(src))
    ]
    script = "\n\n".join(c["source"] for c in runnable(text(solution), "day.ipynb"))
    made.append(("script", f"{{who}}_{TASK}.py", script.encode(), FULL))
    made.append(("zip of one", "{who}.zip", zipped("my work.ipynb", text(solution)), FULL))
    made.append(
        ("zip that climbs", "{who}.zip", zipped("../../../climbed.ipynb", text(solution)), FULL)
    )
    made += [(k, "{who}.ipynb", text(cells_of(starter, code)), NONE) for k, code in NOTHING.items()]
    for kind, code in AND_RIGHT.items():
        crash = "raise ValueError" if code is None else ""
        made.append((kind, "{who}.ipynb", text(cells_of(solution, code or "", crash)), FULL))
    greedy = source.solution(steps)
    for cell in greedy["cells"]:
        if cell["id"] == "train":
            cell["source"] = (
                "def train(world):\n    world.reset()\n    for _ in range(5000):\n"
                "        world.steps_taken = 0\n        if world.step(0)[2]: world.reset()\n"
            )
    made.append(("takes more steps", "{who}.ipynb", text(greedy), SOME))
    made.append(("corrupt", "{who}_" + TASK + ".ipynb", text(solution)[:500], NONE))
    made.append(("noise", "{who}_" + TASK + ".ipynb", struct.pack(">500I", *range(500)), NONE))
    made.append(("empty", "{who}_" + TASK + ".ipynb", b"", NONE))
    made.append(("huge", "{who}_" + TASK + ".ipynb", None, NONE))
    made.append(("zip bomb", "{who}_" + TASK + ".zip", bomb(), NONE))
    return made


NAMES = [
    "Zoë Müller",
    "José  Peña",
    "Anna-Lena O'Neil",
    "Łukasz Żak",
    "佐藤 花子",
    "semi;colon",
    "=HYPERLINK(1)",
]


def write(folder, many, only=None):
    """Write a class of so many; the marks that each student should get, by display name.

    The kinds come round and round; what is left over is right.
    """
    folder.mkdir(parents=True, exist_ok=True)
    wanted, all_kinds = {}, [k for k in kinds() if only is None or k[0] in only]
    for number in range(many):
        kind, file, data, marks = all_kinds[number % len(all_kinds)]
        if number >= 2 * len(all_kinds):
            kind, file, data, marks = all_kinds[0]
        base = NAMES[number % len(NAMES)] if number % 5 == 0 else "Student"
        who = f"{base} {number:03d}"
        path = folder / file.format(who=who)
        if data is None:  # 200 MB, of which the disk holds nothing
            with path.open("wb") as out:
                out.truncate(200 << 20)
        else:
            path.write_bytes(data)
        wanted[who] = (kind, marks)
    return wanted


if __name__ == "__main__":
    written = write(Path(sys.argv[2]), int(sys.argv[1]))
    for kind in dict.fromkeys(kind for kind, _ in written.values()):
        print(sum(k == kind for k, _ in written.values()), kind)
