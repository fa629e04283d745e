"""The pages of our own, one module a subject: each reads its rows and hands them to a template."""

from publish.site.pages import (
    asking,
    evidence,
    home,
    interface,
    lists,
    machines,
    medicine,
    place,
    region,
    releases,
    search,
)
from publish.site.routes import Route

ROUTES: tuple[Route, ...] = (
    *home.ROUTES,
    *search.ROUTES,
    *medicine.ROUTES,
    *place.ROUTES,
    *region.ROUTES,
    *lists.ROUTES,
    *evidence.ROUTES,
    *releases.ROUTES,
    *interface.ROUTES,
    *asking.ROUTES,
    *machines.ROUTES,
)
#: of the process that answers SQL
SQL_ROUTES: tuple[Route, ...] = (Route("/", asking.asking), *asking.ROUTES, *machines.SQL_ROUTES)
