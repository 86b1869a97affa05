"""The suite's groups of cases, and their selection on the command line."""

GROUPS = {
    "1": "framing",
    "2": "ping and pong",
    "3": "reserved bits",
    "4": "reserved opcodes",
    "5": "fragmentation",
    "6": "UTF-8",
    "7": "closing handshake",
    "9": "large and many messages",
    "10": "automatic fragmentation",
    "12": "compression, payloads",
    "13": "compression, parameters",
}


def group_of(case):
    """Returns '12' for '12.1.3'."""
    return case.partition(".")[0]


def subgroup_of(case):
    """Returns '12.1' for '12.1.3'."""
    return ".".join(case.split(".")[:2])


def order(case):
    """Sorts '9.2' before '9.10'."""
    return [int(number) for number in case.split(".")]


def select(cases, wanted):
    """Returns the selected cases in order: '9.1' selects 9.1.1 and the rest of 9.1. An empty selection means all cases."""
    beginnings = tuple(f"{want}." for want in wanted)
    return sorted((case for case in cases if not wanted or f"{case}.".startswith(beginnings)), key=order)
