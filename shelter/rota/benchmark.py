"""`python -m shelter.rota.benchmark FILE.txt --seconds 300`: solves a public shift scheduling instance.

Prints one line of JSON: instance, objective, bound (proven), seconds, seed, versions. With `--out` the roster is
written as lines of person, day and shift; days are counted from 0, days off are left out.
"""

import argparse
import csv
import json
import platform
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from shelter.rota import rostering
from shelter.rota.rostering import text


def main(arguments: Sequence[str] | None = None) -> int:
    asked = _parser().parse_args(arguments)
    try:
        problem = text.read(asked.file)
        if asked.out:
            asked.out.touch()
        found = rostering.solve(problem, seconds=asked.seconds, seed=asked.seed)
    except (OSError, text.Unreadable, rostering.Unsolvable) as error:
        print(error, file=sys.stderr)
        return 1
    broken = sorted(set(rostering.breaches(problem, found.roster)))
    if broken:
        print(f"The roster breaks rules: {broken}", file=sys.stderr)
        return 1
    if asked.out:
        write(found.roster, asked.out)
    print(
        json.dumps(
            {
                "instance": asked.file.stem,
                "objective": found.price.total,
                "bound": found.bound,
                "seconds": round(found.seconds, 1),
                "seed": asked.seed,
                "versions": {
                    "python": platform.python_version(),
                    "ortools": version("ortools"),
                    "numpy": version("numpy"),
                },
            }
        )
    )
    return 0


def write(roster: rostering.Roster, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(
            (person, day, shift) for (person, day), shift in sorted(roster.items())
        )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m shelter.rota.benchmark", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path)
    return parser


if __name__ == "__main__":
    sys.exit(main())
