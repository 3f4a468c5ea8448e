"""The order in which expressions are evaluated, and the circles that have none."""

from __future__ import annotations

from forms.definition.plan import NodePlan, Plan, Role

Task = tuple[NodePlan, Role]
_DECIDING = (Role.RELEVANT, Role.CALCULATE, Role.COUNT, Role.CHOICES)
_LAST = 1_000_000


def put_in_order(plan: Plan) -> None:
    """Number every deciding expression after those it needs. Circles are left in plan.extra["circles"]."""
    needs = _needs(plan)
    numbers: dict[Task, int] = {}
    circles: list[list[Task]] = []
    for component in _components(needs):
        if len(component) > 1 or component[0] in needs[component[0]]:
            circles.append(component)
        for task in component:
            numbers[task] = len(numbers)
    plan.extra["circles"] = circles
    for node in plan.root.walk():
        node.order = {role: numbers.get((node, role), _LAST + role) for role in node.expressions}
        for edge in (*node.readers, *node.row_readers):
            edge.reader.order.setdefault(edge.role, _LAST + edge.role)


def _needs(plan: Plan) -> dict[Task, set[Task]]:
    """For each deciding expression, the deciding expressions whose outcome it sees."""
    needs: dict[Task, set[Task]] = {
        (node, role): set() for node in plan.root.walk() for role in node.expressions if role in _DECIDING
    }
    for target in plan.root.walk():
        behind = _behind(target)
        for edge in target.readers:
            reader = (edge.reader, edge.role)
            if reader not in needs:
                continue
            for task in behind:
                other_row = task[0] is edge.reader and edge.level < edge.reader.depth
                if not other_row:
                    needs[reader].add(task)
    return needs


def _behind(target: NodePlan) -> list[Task]:
    found: list[Task] = [(target, r) for r in (Role.CALCULATE, Role.CHOICES) if r in target.expressions]
    for node in target.above():
        found.extend((node, r) for r in (Role.RELEVANT, Role.COUNT) if r in node.expressions)
    return found


def _components(needs: dict[Task, set[Task]]) -> list[list[Task]]:
    """Strongly connected components, needed ones first (Tarjan, without recursion)."""
    index: dict[Task, int] = {}
    low: dict[Task, int] = {}
    on_stack: set[Task] = set()
    stack: list[Task] = []
    found: list[list[Task]] = []
    for start in needs:
        if start in index:
            continue
        work = [(start, iter(_sorted(needs[start])))]
        index[start] = low[start] = len(index)
        stack.append(start)
        on_stack.add(start)
        while work:
            task, pending = work[-1]
            following = next(pending, None)
            if following is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[task])
                if low[task] == index[task]:
                    found.append(_pop_component(task, stack, on_stack))
            elif following not in needs:
                continue
            elif following not in index:
                index[following] = low[following] = len(index)
                stack.append(following)
                on_stack.add(following)
                work.append((following, iter(_sorted(needs[following]))))
            elif following in on_stack:
                low[task] = min(low[task], index[following])
    return found


def _sorted(tasks: set[Task]) -> list[Task]:
    return sorted(tasks, key=lambda t: (t[0].path, t[1]))


def _pop_component(task: Task, stack: list[Task], on_stack: set[Task]) -> list[Task]:
    component = []
    while True:
        member = stack.pop()
        on_stack.discard(member)
        component.append(member)
        if member == task:
            return component
