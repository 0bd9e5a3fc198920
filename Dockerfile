# The bot as a service. `docker build -t flowmend .`; the README says how it is run.

FROM python:3.12-slim AS build
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY bot bot
COPY adapters adapters
COPY dialogs dialogs
COPY manifest manifest
RUN python -m venv /opt/flowmend && \
    /opt/flowmend/bin/pip install --no-cache-dir --disable-pip-version-check \
        --constraint constraints.txt '.[postgres,slack,teams]'

FROM python:3.12-slim
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/flowmend flowmend
COPY --from=build /opt/flowmend /opt/flowmend
ENV PATH=/opt/flowmend/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    FLOWMEND_HOST=0.0.0.0 \
    FLOWMEND_PORT=3978 \
    FLOWMEND_DATABASE=sqlite:////var/lib/flowmend/flowmend.sqlite3
USER 10001
WORKDIR /var/lib/flowmend
EXPOSE 3978
STOPSIGNAL SIGTERM
# Without a proxy, whatever the environment says: the service is in here.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.build_opener(u.ProxyHandler({})).open('http://127.0.0.1:' + os.environ['FLOWMEND_PORT'] + '/healthz', timeout=4)"]
ENTRYPOINT ["flowmend"]
CMD ["serve"]
