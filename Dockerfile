# newsbell in a container: installed in one stage, run by nobody's root in another, with nothing in it to build with.
# README, "Run it for years", says how it is built, run, upgraded and restored.

ARG PYTHON=3.11.13-slim-bookworm

FROM python:${PYTHON} AS build
ENV PIP_CONSTRAINT=/src/constraints.txt PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY bot ./bot
COPY handlers ./handlers
COPY store ./store
COPY seeds ./seeds
RUN python -m venv /opt/newsbell && /opt/newsbell/bin/pip install .

FROM python:${PYTHON}
RUN useradd --system --uid 10001 --user-group --home-dir /data --shell /usr/sbin/nologin newsbell \
 && install --directory --owner=newsbell --group=newsbell --mode=0700 /data
COPY --from=build /opt/newsbell /opt/newsbell
ENV PATH=/opt/newsbell/bin:${PATH} HOME=/data PYTHONUNBUFFERED=1

# The database, its backups, the watched folder and .env: mount what is to outlive the container here.
WORKDIR /data
VOLUME ["/data"]
USER 10001:10001

# In exec form the signal reaches newsbell itself, which ends within ten seconds.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=1m --timeout=15s --start-period=5m --retries=3 CMD ["newsbell", "health"]
ENTRYPOINT ["newsbell"]
CMD ["run"]
