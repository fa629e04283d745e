"""What search engines read on our pages: schema.org, as JSON-LD."""

from typing import Any

from publish.layout import address_of
from publish.manifest import Release
from publish.site.reading import Row
from publish.site.strings import here, text

_CONTEXT = "https://schema.org"


def drug(name: str, form: str | None, products: list[Row], url: str) -> dict[str, Any]:
    """A medicine: its names, form and who holds its approvals; nothing of its supply, which goes out of date."""
    holders = sorted({row["holder_name"] for row in products if row["holder_name"]})[:50]
    brands = sorted({row["trade_name_zh"] for row in products if row["trade_name_zh"]})[:50]
    told = {
        "@context": _CONTEXT,
        "@type": "Drug",
        "name": name,
        "alternateName": brands,
        "dosageForm": form,
        "manufacturer": [{"@type": "Organization", "name": holder} for holder in holders],
        "identifier": [row["approval_number"] for row in products[:50]],
        "url": url,
    }
    return {key: value for key, value in told.items() if value}


def dataset(release: Release, site_url: str) -> dict[str, Any]:
    """A release as a data set with its files."""
    return {
        "@context": _CONTEXT,
        "@type": "Dataset",
        "name": text("site.title"),
        "description": text("llms.summary"),
        "url": f"{site_url}{here('/downloads')}",
        "identifier": release.id,
        "version": release.id,
        "dateModified": release.data_as_of,
        "license": release.licence.url,
        "creator": {"@type": "Organization", "name": text("site.publisher")},
        "isAccessibleForFree": True,
        "distribution": [
            {
                "@type": "DataDownload",
                "contentUrl": f"{site_url}{address_of(release.id, file.path)}",
                "encodingFormat": file.media_type,
                "contentSize": f"{file.bytes} B",
                "sha256": file.sha256,
            }
            for file in release.files
            if file.format
        ],
    }
