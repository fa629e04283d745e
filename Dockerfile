# One image for hub, worker and site; what each runs stands in compose.yaml.
FROM node:20-bookworm-slim AS graphiql
WORKDIR /build
COPY scripts/graphiql_assets.sh .
RUN ./graphiql_assets.sh /build/graphiql

FROM python:3.11-slim-bookworm
WORKDIR /app
COPY pyproject.toml constraints.txt README.md ./
COPY schema schema
COPY connectors connectors
COPY hub hub
COPY publish publish
RUN python -m pip install --no-cache-dir --constraint constraints.txt '.[mcp]'
RUN useradd --create-home --uid 10001 baogong \
    && mkdir -p /data/inbox /data/keys /data/landing /data/releases /data/taken \
    && chown -R baogong /data
COPY --from=graphiql --chown=baogong /build/graphiql /data/graphiql
USER baogong
ENV HUB_DATA_DIR=/data HUB_HOST=0.0.0.0
EXPOSE 8000 8001 8002
CMD ["baogong", "serve"]
