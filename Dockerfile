# The service alone, for a PostgreSQL that runs elsewhere:
#   docker build -t biendao .
#   docker run -p 8000:8000 -e BIENDAO_DATABASE_URL=… -e BIENDAO_SECRET_KEY=… -e BIENDAO_PUBLIC_URL=https://… biendao

FROM python:3.11-slim AS frontend
WORKDIR /app
COPY requirements.lock requirements-dev.lock requirements-build.lock ./
COPY tools/prepare.py tools/
COPY service/web/frontend service/web/frontend
RUN python tools/prepare.py run

FROM python:3.11-slim AS packages
WORKDIR /app
COPY requirements.lock ./
RUN python -m venv .venv \
 && .venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock

FROM python:3.11-slim
RUN useradd --system --no-create-home --shell /usr/sbin/nologin biendao
WORKDIR /app
COPY --from=packages /app/.venv .venv
COPY --from=frontend /app/.venv/bin/biendao .venv/bin/biendao
COPY LICENSE pyproject.toml ./
COPY alembic alembic
COPY service service
COPY --from=frontend /app/service/web/static service/web/static
RUN .venv/bin/python -m compileall -q service alembic
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    BIENDAO_ENVIRONMENT=production \
    BIENDAO_HOST=0.0.0.0 \
    BIENDAO_PORT=8000
USER biendao
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
  CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f\"http://127.0.0.1:{os.environ['BIENDAO_PORT']}/healthz\", timeout=4)"]
CMD ["sh", "-c", ": \"${BIENDAO_DATABASE_URL:?is needed: postgresql://user:password@host/name}\"; exec biendao serve"]
