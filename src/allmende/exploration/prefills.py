"""What a company's own entries in the catalogue say to a question: shown beside it, taken over only by its own act.

Pure: facts in, a suggestion out. `PREFILLS` is the written registry; question sets name its codes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from allmende.catalogue.cost import Estimate
from allmende.exploration.answer_values import typed_again

# Codes of the vocabulary `delivery_model` → the answers of the question on it.
_DELIVERY = {
    "saas_provider": "als Dienst bei uns",
    "saas_public": "als Dienst bei einem öffentlichen IT-Dienstleister",
    "managed_hosting": "eigene Installation, von uns betrieben",
    "on_premise": "im Haus der Kommune",
    "self_hosted_oss": "im Haus der Kommune",
    "hybrid": "anders",
    "device_iot": "anders",
    "service_only": "anders",
}


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the catalogue holds of the offer and of the solution. Labels come in words; "" and None are unknown."""

    delivery_model: str = ""
    price_model: str = ""
    minimum_term_months: int | None = None
    included_services: str = ""
    description: str = ""
    cost: Estimate | None = None
    licence: str = ""
    repository_url: str = ""
    documentation_url: str = ""
    source: str = ""


@dataclass(frozen=True)
class Suggestion:
    """What would be taken over: the answer and the remark as they would be typed, and where they come from."""

    typed: str
    remark: str
    source: str


Prefill = Callable[[Facts], tuple[str, str]]


def _money(amount: Decimal) -> str:
    return typed_again("money", format(amount, "f"))


def _yearly(facts: Facts) -> tuple[str, str]:
    lines = [line for line in facts.cost.lines if line.yearly] if facts.cost else []
    if not lines or facts.cost is None:
        return "", ""
    return _money(facts.cost.yearly), "; ".join([*(line.how for line in lines), *facts.cost.unknown])


def _one_off(facts: Facts) -> tuple[str, str]:
    lines = [line for line in facts.cost.lines if line.one_off] if facts.cost else []
    if not lines or facts.cost is None:
        return "", ""
    return _money(facts.cost.one_off), "; ".join(line.how for line in lines)


def _licence(facts: Facts) -> tuple[str, str]:
    return "; ".join(filter(None, (facts.licence, facts.repository_url))), ""


def _documentation(facts: Facts) -> tuple[str, str]:
    return ("ja", facts.documentation_url) if facts.documentation_url else ("", "")


def _term(facts: Facts) -> tuple[str, str]:
    return "" if facts.minimum_term_months is None else str(facts.minimum_term_months), ""


def _delivery(facts: Facts) -> tuple[str, str]:
    return _DELIVERY.get(facts.delivery_model, ""), ""


PREFILLS: Mapping[str, Prefill] = {
    "delivery_model": _delivery,
    "price_one_off": _one_off,
    "price_yearly": _yearly,
    "price_model": lambda facts: (facts.price_model, ""),
    "included_services": lambda facts: (
        "",
        f"Enthalten ist: {facts.included_services}" if facts.included_services else "",
    ),
    "minimum_term": _term,
    "support": lambda facts: ("", facts.included_services),
    "licence": _licence,
    "documentation": _documentation,
}


def suggestion(code: str, facts: Facts) -> Suggestion | None:
    """What the facts say to that question; None where they say nothing."""
    read = PREFILLS.get(code)
    typed, remark = read(facts) if read else ("", "")
    return Suggestion(typed, remark, facts.source) if typed or remark else None
