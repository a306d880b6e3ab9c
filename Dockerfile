# One image for every part; compose.yaml says which part each container is.
ARG DEBIAN=13
FROM debian:${DEBIAN}-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends python3 python3-venv ca-certificates git \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 1000 survey
WORKDIR /srv/survey
COPY pyproject.toml constraints.txt ./
# An index with builds of PyTorch for processors alone (docs/operations.md); without one, torch brings
# gigabytes for GPUs.
ARG PIP_EXTRA_INDEX_URL=""
RUN python3 -m venv /opt/survey \
    && /opt/survey/bin/python -c "import tomllib; print(*tomllib.load(open('pyproject.toml','rb'))['project']['dependencies'], sep='\n')" > /tmp/needs \
    && /opt/survey/bin/pip install --no-cache-dir -c constraints.txt -r /tmp/needs
COPY --chown=survey . .
# A container's files are new at each start: what is not compiled now would be compiled every time.
RUN /opt/survey/bin/python -m compileall -q -j 0 .
ENV PATH=/opt/survey/bin:$PATH KB_DATA_DIR=/data KB_STATIC=hashed PYTHONUNBUFFERED=1
# /data/files too: a volume there takes its owner from the image.
RUN install -d -o survey -g survey -m 0700 /data /data/files
USER survey
VOLUME /data
EXPOSE 8000
# Everything on one machine; compose.yaml gives each container a command of its own.
CMD ["python", "manage.py", "up"]
