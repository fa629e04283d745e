"""The scopes a caller's token may hold: `resource:action`, the one list of them."""

from enum import StrEnum


class Scope(StrEnum):
    """What a token lets its holder read or do; declared per field, enforced by the graph's guard."""

    REGION_READ = "region:read"
    REGISTRATION_READ = "registration:read"
    REFERENCE_READ = "reference:read"
    PHARMACY_READ = "pharmacy:read"
    PHARMACY_STOCK_READ = "pharmacy.stock:read"
    INSTITUTION_READ = "institution:read"
    INSTITUTION_STOCK_READ = "institution.stock:read"
    PRODUCTION_READ = "production:read"
    PRODUCTION_QUANTITY_READ = "production.quantity:read"
    IDENTITY_READ = "identity:read"
    IDENTITY_JUDGE = "identity:judge"
    PROCUREMENT_READ = "procurement:read"
    PROCUREMENT_ORDER_READ = "procurement.order:read"
    PROCUREMENT_SETTLEMENT_READ = "procurement.settlement:read"
    PROCUREMENT_PRICE_CONFIDENTIAL_READ = "procurement.price.confidential:read"
    POSTAL_READ = "postal:read"
    POSTAL_CONSIGNMENT_READ = "postal.consignment:read"
    LIST_READ = "list:read"
    LIST_PROPOSAL_READ = "list.proposal:read"
    LIST_PROPOSE = "list:propose"
    LIST_PUBLISH = "list:publish"
    RESERVE_READ = "reserve:read"
    FEED_READ = "feed:read"
    FEED_RAW_READ = "feed.raw:read"
    FEED_DIVISIONS_WRITE = "feed.divisions:write"
    FEED_DRUG_LISTS_WRITE = "feed.drug_lists:write"
    FEED_ESSENTIAL_MEDICINES_WRITE = "feed.essential_medicines:write"
    FEED_HOSPITAL_WRITE = "feed.hospital:write"
    FEED_INSURANCE_LIST_WRITE = "feed.insurance_list:write"
    FEED_MEDICINE_CODES_WRITE = "feed.medicine_codes:write"
    FEED_PHARMACY_WRITE = "feed.pharmacy:write"
    FEED_POSTAL_WRITE = "feed.postal:write"
    FEED_PROCUREMENT_WRITE = "feed.procurement:write"
    FEED_PRODUCTION_WRITE = "feed.production:write"
    FEED_REGISTRATION_WRITE = "feed.registration:write"
    FEED_RESERVE_LISTS_WRITE = "feed.reserve_lists:write"
    FEED_DECIDE = "feed:decide"
    ACCESS_READ = "access:read"
    ACCESS_PROPOSE = "access:propose"
    ACCESS_APPROVE = "access:approve"
    AUDIT_READ = "audit:read"


#: what nobody gets by a role alone: a grant names purpose, approval document and expiry (conditional sharing)
CONDITIONAL = frozenset({Scope.PROCUREMENT_PRICE_CONFIDENTIAL_READ})
#: what belongs to the three administrators, who exclude each other
ADMINISTRATIVE = frozenset({Scope.ACCESS_READ, Scope.ACCESS_PROPOSE, Scope.ACCESS_APPROVE, Scope.AUDIT_READ})
#: what else has to be asked for by name: what is held in reserve, and what is not decided yet
BY_NAME_ONLY = frozenset({Scope.RESERVE_READ, Scope.LIST_PROPOSAL_READ})
#: what a client gets that names no scope: nothing that writes, nothing conditional, administrative or by name only
READ_SCOPES = (
    frozenset(scope for scope in Scope if scope.endswith(":read"))
    - CONDITIONAL
    - ADMINISTRATIVE
    - BY_NAME_ONLY
)
#: what lets a client push files, one for each feed; it goes with a sender whose files they are
WRITE_SCOPES = frozenset(scope for scope in Scope if scope.startswith("feed.") and scope.endswith(":write"))


def write_scope(feed: str) -> Scope:
    """What lets a client push files of a feed. ValueError where there is no such feed."""
    return Scope(f"feed.{feed}:write")
