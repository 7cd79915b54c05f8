"""Share of mutants that the tests noticed, by module; read from `mutmut results --all true` on standard input.

Ends with 1 when a module is under the bar (G3.3) or was tried only in part. One that was not tried at all is left out.
"""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict

BAR = 0.9
NOTICED = ("killed", "timeout", "suspicious", "segfault")
LINE = re.compile(r"\s*(?P<module>[\w.]+)\.x[\w\u01c1]+__mutmut_\d+: (?P<fate>.+)")


def main(text: str) -> int:
    fates: dict[str, Counter[str]] = defaultdict(Counter)
    for match in LINE.finditer(text):
        fates[match["module"]][match["fate"].strip()] += 1
    tried = {m: counted for m, counted in sorted(fates.items()) if set(counted) != {"not checked"}}
    for module, counted in tried.items():
        noticed, made = sum(counted[f] for f in NOTICED), counted.total()
        rest = ", ".join(f"{n} {fate}" for fate, n in sorted(counted.items()) if fate not in NOTICED)
        sys.stdout.write(f"{module:32} {noticed:5} of {made:5}  {noticed / made:6.1%}  {rest}\n")
    good = [sum(c[f] for f in NOTICED) >= BAR * c.total() and not c["not checked"] for c in tried.values()]
    return 0 if good and all(good) else 1


if __name__ == "__main__":
    sys.exit(main(sys.stdin.read()))
