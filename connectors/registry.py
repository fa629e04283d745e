"""The connectors there are, by feed code."""

from connectors.connector import Connector
from connectors.divisions.connector import CONNECTOR as DIVISIONS
from connectors.drug_lists.connector import CONNECTOR as DRUG_LISTS
from connectors.essential_medicines.connector import CONNECTOR as ESSENTIAL_MEDICINES
from connectors.hospital.connector import CONNECTOR as HOSPITAL
from connectors.insurance_list.connector import CONNECTOR as INSURANCE_LIST
from connectors.medicine_codes.connector import CONNECTOR as MEDICINE_CODES
from connectors.pharmacy.connector import CONNECTOR as PHARMACY
from connectors.postal.connector import CONNECTOR as POSTAL
from connectors.procurement.connector import CONNECTOR as PROCUREMENT
from connectors.production.connector import CONNECTOR as PRODUCTION
from connectors.registration.connector import CONNECTOR as REGISTRATION
from connectors.reserve_lists.connector import CONNECTOR as RESERVE_LISTS

CONNECTORS: dict[str, Connector] = {
    connector.manifest.code: connector
    for connector in (
        DIVISIONS,
        REGISTRATION,
        ESSENTIAL_MEDICINES,
        INSURANCE_LIST,
        MEDICINE_CODES,
        PRODUCTION,
        PROCUREMENT,
        PHARMACY,
        HOSPITAL,
        POSTAL,
        DRUG_LISTS,
        RESERVE_LISTS,
    )
}
