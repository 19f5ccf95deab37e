"""Runs every measurement, prints the table and writes `var/bench.json`."""

import json

from config.start import ROOT
from tests.bench import door, names, plan, reports, rota
from tests.bench.figures import figures, table

SUBJECTS = (door, names, plan, rota, reports)


def main():
    rows = [row for subject in SUBJECTS for row in subject.measure()]
    print("\n".join(table(rows)))
    path = ROOT / "var" / "bench.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(figures(rows), indent=2) + "\n")
    print(f"\nWritten to {path.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()
