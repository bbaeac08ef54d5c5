#!/usr/bin/env python3
"""Draws docs/rooms.svg: the rooms of the gateway and of the rules, and which names which.

The tables that it reads stand in the two RoomTests.cs; tests compare them with what the compiler made, so the picture is of the code. A way
that follows from others is left out. Usage: scripts/rooms.py [--check]; with --check it writes nothing and ends with 1 where the picture is old.
"""
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PICTURE = os.path.join(ROOT, "docs", "rooms.svg")
PANELS = [
    ("src/Gateway: the service", "tests/Gateway.Tests/RoomTests.cs"),
    ("src/Rules: pure, open to all rooms above", "tests/Rules.Tests/RoomTests.cs"),
]
WIDTH, HEIGHT, GAP, ROW, MARGIN, TITLE = 170, 34, 22, 92, 24, 34


def table(path):
    """Room by room, those that it names."""
    text = re.sub(r"//[^\n]*", "", open(os.path.join(ROOT, path), encoding="utf-8").read())
    return {m[1]: re.findall(r'"([\w.]+)"', m[2]) for m in re.finditer(r'\["([\w.]+)"\]\s*=\s*\[([^\]]*)\]', text)}


def reduced(rooms):
    """Without the ways that follow from others."""
    def reach(room, seen):
        for to in rooms[room]:
            if to not in seen:
                seen.add(to)
                reach(to, seen)
        return seen
    return {room: [to for to in names if not any(to in reach(other, set()) for other in names if other != to)] for room, names in rooms.items()}


def depths(rooms):
    """How many rooms at most lie below each."""
    found = {}
    def depth(room):
        if room not in found:
            found[room] = 1 + max((depth(to) for to in rooms[room]), default=-1)
        return found[room]
    for room in rooms:
        depth(room)
    return found


def draw(title, rooms, top):
    """One panel; its lines and the height at which it ends."""
    ways, depth = reduced(rooms), depths(rooms)
    rows = [[room for room in rooms if depth[room] == level] for level in range(max(depth.values()), -1, -1)]
    place, y, most = {}, top + TITLE, max(len(row) for row in rows)
    for row in rows:
        # Near the middle of those that name it, so that the lines are short.
        def middle(room):
            above = [place[other][0] for other in place if room in ways[other]]
            return sum(above) / len(above) if above else WIDTH
        for at, room in enumerate(sorted(row, key=lambda r: (middle(r), r))):
            place[room] = (MARGIN + round((at + (most - len(row)) / 2) * (WIDTH + GAP)), y)
        y += ROW
    out = [f'<text x="{MARGIN}" y="{top + 18}" class="title">{title}</text>']
    for room, names in ways.items():
        x, v = place[room]
        for to in names:
            a, b = place[to]
            out.append(f'<path d="M{x + WIDTH / 2:.0f},{v + HEIGHT} C{x + WIDTH / 2:.0f},{v + HEIGHT + 30} {a + WIDTH / 2:.0f},{b - 30} {a + WIDTH / 2:.0f},{b}"/>')
    for room, (x, v) in place.items():
        out.append(f'<rect x="{x}" y="{v}" width="{WIDTH}" height="{HEIGHT}" rx="4"/>')
        out.append(f'<text x="{x + WIDTH / 2:.0f}" y="{v + 22}">{room.replace(".", "/")}</text>')
    return out, y, max(x for x, _ in place.values()) + WIDTH + MARGIN


def picture():
    parts, top, width = [], 0, 0
    for title, path in PANELS:
        lines, top, right = draw(title, table(path), top)
        parts += lines
        width = max(width, right)
    style = "rect{fill:#f4f7fb;stroke:#4a6785}text{font:12px sans-serif;text-anchor:middle;fill:#1c2733}text.title{font-weight:bold;text-anchor:start}path{fill:none;stroke:#9db0c4;marker-end:url(#arrow)}"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {top}" width="{width}" height="{top}"><style>{style}</style>'
    marker = '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0,0 L8,4 L0,8 z" style="fill:#9db0c4;stroke:none;marker-end:none"/></marker></defs>'
    return "\n".join([head, marker, f'<rect width="{width}" height="{top}" style="fill:#fff;stroke:none"/>', *parts, "</svg>", ""])


def main():
    new = picture()
    if "--check" in sys.argv[1:]:
        same = os.path.exists(PICTURE) and open(PICTURE, encoding="utf-8").read() == new
        if not same:
            print("docs/rooms.svg is not of these rooms: run scripts/rooms.py.", file=sys.stderr)
        return 0 if same else 1
    with open(PICTURE, "w", encoding="utf-8") as file:
        file.write(new)
    return 0


if __name__ == "__main__":
    sys.exit(main())
