"""Names joined into groups, whatever the order in which they are joined."""


class Groups:
    """Disjoint sets of names; a group goes by the first of its names."""

    def __init__(self, names: set[str]) -> None:
        self.above = {name: name for name in names}

    def top(self, name: str) -> str:
        """The name by which the group of `name` goes."""
        while self.above[name] != name:
            name = self.above[name]
        return name

    def join(self, one: str, other: str) -> None:
        """Make one group of two."""
        first, second = sorted((self.top(one), self.top(other)))
        self.above[second] = first
