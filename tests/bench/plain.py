"""The baseline of the public instances: one plain constraint program, a boolean for each person, day and shift.

Written as the instances tell their rules, without anything learnt about them; solved by CP-SAT in the same time.
"""

import math

from ortools.sat.python import cp_model

WEEK, SATURDAY = 7, 5


def cost(problem, seconds):
    """What the best roster found in so many seconds costs; infinite where none was found."""
    model = cp_model.CpModel()
    works = {
        (name, day, shift): model.new_bool_var("")
        for name in problem.workers
        for day in range(problem.days)
        for shift in problem.shifts
    }
    for worker in problem.workers.values():
        _rules(model, problem, worker, works)
    model.minimize(sum(_prices(model, problem, works)))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 8
    status = solver.solve(model)
    return solver.objective_value if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else math.inf


def _rules(model, problem, worker, works):
    days, name = range(problem.days), worker.name
    at_work = [model.new_bool_var("") for _day in days]
    for day in days:
        model.add(sum(works[name, day, shift] for shift in problem.shifts) == at_work[day])
        if day in worker.days_off:
            model.add(at_work[day] == 0)
    for shift, kind in problem.shifts.items():
        model.add(sum(works[name, day, shift] for day in days) <= worker.most_of.get(shift, 0))
        for after in kind.not_before:
            for day in days[:-1]:
                model.add_bool_or([~works[name, day, shift], ~works[name, day + 1, after]])
    minutes = sum(
        kind.minutes * works[name, day, shift] for day in days for shift, kind in problem.shifts.items()
    )
    model.add_linear_constraint(minutes, worker.least_minutes, worker.most_minutes)
    for day in range(problem.days - worker.longest_run):
        model.add_bool_or([~at_work[day + more] for more in range(worker.longest_run + 1)])
    _no_short_runs(model, at_work, worker.shortest_run)
    _no_short_runs(model, [~day for day in at_work], worker.shortest_rest)
    weekends = []
    for saturday in range(SATURDAY, problem.days, WEEK):
        weekends.append(model.new_bool_var(""))
        for day in at_work[saturday : saturday + 2]:
            model.add_implication(day, weekends[-1])
    model.add(sum(weekends) <= worker.most_weekends)


def _no_short_runs(model, days, least):
    """A run of true days that touches neither end is at least so long."""
    for length in range(1, least):
        for first in range(len(days) - length - 1):
            run = days[first + 1 : first + 1 + length]
            model.add_bool_or([days[first], days[first + 1 + length], *(~day for day in run)])


def _prices(model, problem, works):
    for cover in problem.cover:
        there = sum(works[name, cover.day, cover.shift] for name in problem.workers)
        for price, beyond in ((cover.under, cover.wanted - there), (cover.over, there - cover.wanted)):
            slack = model.new_int_var(0, max(cover.wanted, len(problem.workers)), "")
            model.add(slack >= beyond)
            yield price * slack
    for request in problem.requests:
        granted = works[request.worker, request.day, request.shift]
        yield request.weight * (1 - granted) if request.is_on else request.weight * granted
