"""The interface for programs, `/api/v1`: few endpoints, described by OpenAPI, promised not to change."""
