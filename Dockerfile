# The bot in an image: built in one stage, run in another that has no compiler, no pip cache and no root.
#   docker build --tag verbatim-discord .
#   docker build --build-arg EXTRAS=postgres --tag verbatim-discord .    without the models
# For several architectures: docker buildx build --platform linux/amd64,linux/arm64 .
# To pin the base for good, give its digest: --build-arg PYTHON=3.13-slim-bookworm@sha256:…
ARG PYTHON=3.13-slim-bookworm

FROM python:${PYTHON} AS build
ARG EXTRAS=semantic,documents,postgres
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/verbatim
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE NOTICE ./
COPY bot bot
RUN /opt/verbatim/bin/pip install --constraint constraints.txt ".[${EXTRAS}]" \
 && /opt/verbatim/bin/pip uninstall --yes pip

FROM python:${PYTHON}
LABEL org.opencontainers.image.title="Verbatim" \
      org.opencontainers.image.description="A Discord bot that answers questions about texts, only in their own words" \
      org.opencontainers.image.licenses="MIT AND Apache-2.0"
RUN groupadd --system --gid 10001 verbatim \
 && useradd --system --uid 10001 --gid verbatim --home-dir /data --shell /usr/sbin/nologin verbatim \
 && install --directory --owner verbatim --group verbatim --mode 0700 /data
COPY --from=build /opt/verbatim /opt/verbatim
# What a new, empty volume begins with.
COPY --chown=10001:10001 knowledge /data/knowledge
ENV PATH="/opt/verbatim/bin:${PATH}" \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    VERBATIM_IMAGE=1
WORKDIR /data
USER 10001:10001
VOLUME /data
# /livez, /readyz and /metrics; outside of the container only if VERBATIM_HEALTH__HOST says so.
EXPOSE 9464
HEALTHCHECK --interval=30s --timeout=15s --start-period=5m --retries=3 CMD ["verbatim", "health"]
ENTRYPOINT ["verbatim"]
CMD ["run"]
