# Two stages: the first has uv and installs the locked project, the second has Python and the installed project and nothing else.
# Build: docker build -t trdpgx .        Run: docker compose up
# docs/operations.md describes how to pin the base image: --build-arg PYTHON_IMAGE=python:3.12-slim@sha256:...
ARG PYTHON_IMAGE=python:3.12-slim

FROM ${PYTHON_IMAGE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    UV_COMPILE_BYTECODE=1 \
    UV_LINK_MODE=copy \
    UV_NO_CACHE=1 \
    UV_PROJECT_ENVIRONMENT=/opt/trdpgx \
    UV_PYTHON_DOWNLOADS=never
RUN pip install 'uv>=0.13,<1'
WORKDIR /src
# The dependencies first, so that a change of the code does not download them again.
COPY pyproject.toml uv.lock ./
RUN uv sync --locked --no-dev --extra redis --no-install-project
COPY . .
RUN uv sync --locked --no-dev --extra redis --no-editable

FROM ${PYTHON_IMAGE}
# Nothing is written, bytecode included. The service listens on every address of the container's own network; whoever runs the container
# decides who may call it: TRDPGX_AUTH=keys with TRDPGX_KEYS, or oidc (docs/access.md).
ENV PATH=/opt/trdpgx/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    TRDPGX_AUTH=none \
    TRDPGX_HOST=0.0.0.0 \
    TRDPGX_PORT=8000
COPY --from=build /opt/trdpgx /opt/trdpgx
USER 10001:10001
WORKDIR /
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ['TRDPGX_PORT'] + '/readyz', timeout=4)"]
CMD ["trdpgx", "serve"]
