"""The page at a glance: a piece of HTML with its first figures and its table, for notebooks."""

from harmonize.page import Page
from harmonize.render.text import markup


def _cells(texts: tuple[str, ...], tag: str = "td") -> str:
    return "".join(f"<{tag}>{markup(text)}</{tag}>" for text in texts)


def glance(found: Page) -> str:
    """It runs nothing and loads nothing."""
    heads = tuple(f"{h.text}{'~' if h.partial else ''}" for h in found.heads)
    parts = [f"<div><p><strong>{markup(found.title)}</strong></p><ul>"]
    parts += [f"<li>{markup(line)}</li>" for line in found.figures]
    parts += ["</ul>"]
    if found.blocks:
        last = ("Decided",) if found.decides else ()
        head = _cells(("", found.subject, *heads, "Used by", "Difference", *last), "th")
        parts.append(f"<table><thead><tr>{head}</tr></thead>")
        for domain, lines in found.blocks:
            parts.append(
                f'<tbody><tr><th colspan="{len(heads) + 4 + len(last)}">{markup(domain)}</th></tr>'
            )
            for line in lines:
                row = (line.acronym, line.label, *line.cells, line.used, line.mark)
                parts.append(f"<tr>{_cells((*row, line.decided) if last else row)}</tr>")
            parts.append("</tbody>")
        parts.append("</table>")
    parts += [f"<p>{markup(note)}</p>" for note in found.notes]
    return "\n".join((*parts, "</div>"))
