"""SQL of organisations: gathers who is named where, and writes what follows."""

import asyncpg

from hub.ingest import search
from hub.ingest.derived_store import replace_rows
from hub.ingest.organizations import NAME_CHANGE, REGISTER, REPORT, Mention
from hub.ingest.organizations import work_out as work_out_mentions
from schema.entities import Organization, OrganizationAlias, OrganizationName, OrganizationRole
from schema.organizations import Role, is_no_organization, split_organizations
from schema.search_rules import Kind

#: all that the hub holds to be or to have been so; names that no longer stand still mean someone
_KNOWN = "superseded_at = 'infinity'"
_NAMED = (
    f"SELECT DISTINCT holder_name, '{Role.HOLDER}' FROM product_authorization"
    f" WHERE {_KNOWN} AND holder_name_id IS NOT NULL"
    f" UNION SELECT DISTINCT holder_name, '{Role.HOLDER}' FROM authorization_event"
    f" WHERE {_KNOWN} AND holder_name_id IS NOT NULL"
    f" UNION SELECT DISTINCT name, '{Role.MANUFACTURER}' FROM manufacturing_site WHERE {_KNOWN}"
    f" UNION SELECT DISTINCT company_name, '{Role.SUBSTANCE_SUPPLIER}' FROM substance"
    f" WHERE {_KNOWN} AND company_name_id IS NOT NULL"
    f" UNION SELECT DISTINCT chain_name, '{Role.PHARMACY}' FROM pharmacy WHERE {_KNOWN} AND chain_name IS NOT NULL"
)
_REPORTED = (
    f"SELECT DISTINCT uscc, holder_name FROM production_report WHERE {_KNOWN} AND holder_name IS NOT NULL"
    f" UNION SELECT DISTINCT uscc, holder_name FROM supply_notice WHERE {_KNOWN} AND holder_name IS NOT NULL"
)
#: registers of medical institutions tell names and, mostly, codes
_INSTITUTIONS = f"SELECT DISTINCT name, uscc FROM institution WHERE {_KNOWN}"
_CHANGED = f"SELECT uscc, former_name, name, changed_on FROM organization_name_change WHERE {_KNOWN}"


async def work_out(connection: asyncpg.Connection) -> None:
    """Work organisations out anew from all that names them, and write what is other than it was."""
    found = work_out_mentions(await _mentions(connection))
    await replace_rows(connection, Organization, found.organizations)
    await replace_rows(connection, OrganizationName, found.names)
    await replace_rows(connection, OrganizationAlias, found.aliases)
    await replace_rows(connection, OrganizationRole, found.roles)
    await search.refresh(connection, Kind.ORGANIZATION)


async def _mentions(connection: asyncpg.Connection) -> list[Mention]:
    mentions = [
        Mention(name, REGISTER, role=Role(role))
        for name, role in await connection.fetch(_NAMED)
        if _is_one_name(name)
    ]
    mentions += [
        Mention(name, REPORT, uscc) for uscc, name in await connection.fetch(_REPORTED) if _is_one_name(name)
    ]
    mentions += [
        Mention(name, REGISTER, uscc, role=Role.INSTITUTION)
        for name, uscc in await connection.fetch(_INSTITUTIONS)
        if _is_one_name(name)
    ]
    for uscc, former, name, day in await connection.fetch(_CHANGED):
        mentions.append(Mention(former, NAME_CHANGE, uscc, to_on=day))
        mentions.append(Mention(name, NAME_CHANGE, uscc, from_on=day))
    return mentions


def _is_one_name(cell: str) -> bool:
    return len(split_organizations(cell)) == 1 and not is_no_organization(cell)
