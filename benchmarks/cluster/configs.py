"""What each part of Debian is told: texts of configuration, as docs/operations.md gives them."""

from __future__ import annotations

import os
from pathlib import Path

from benchmarks.cluster.machines import Machine

HTTPS_PORT, WEB_PORT, DATABASE_PORT = 8443, 8000, 5432
VALKEY_PORT, RABBIT_PORT, S3_PORT = 6379, 5672, 9000
LONGEST_TASK_MILLISECONDS = 24 * 3600 * 1000


def proxy(machine: Machine, webs: list[Machine]) -> str:
    """nginx before the web nodes. One that does not answer is left out for 5 s; a style sheet that
    one node does not have (it runs another version) is asked for at the other."""
    nodes = "\n".join(
        f"    server {web.name}:{WEB_PORT} max_fails=1 fail_timeout=5s;" for web in webs
    )
    return f"""\
daemon off;
worker_processes 1;
pid {machine.folder}/pid;
error_log stderr warn;
events {{ worker_connections 512; }}
http {{
  include /etc/nginx/mime.types;
  access_log off;
  client_body_temp_path {machine.folder}/body;
  proxy_temp_path {machine.folder}/proxy;
  fastcgi_temp_path {machine.folder}/fastcgi;
  uwsgi_temp_path {machine.folder}/uwsgi;
  scgi_temp_path {machine.folder}/scgi;
  upstream survey {{
{nodes}
  }}
  server {{
    listen {machine.address}:{HTTPS_PORT} ssl;
    ssl_certificate {machine.folder}/certificate.pem;
    ssl_certificate_key {machine.folder}/key.pem;
    client_header_timeout 10s;
    client_body_timeout 30s;
    client_max_body_size 70m;
    proxy_request_buffering on;
    proxy_connect_timeout 2s;
    proxy_read_timeout 300s;
    proxy_next_upstream error timeout;
    proxy_set_header Host $host:$server_port;
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header X-Forwarded-Proto $scheme;
    location / {{
      proxy_pass http://survey;
    }}
    location /static/ {{
      proxy_pass http://survey;
      proxy_next_upstream error timeout http_404 http_503;
    }}
    error_page 502 504 =503 @away;
    location @away {{
      internal;
      default_type text/plain;
      add_header Retry-After 5 always;
      return 503 "The site does not answer. Try again in a moment.";
    }}
  }}
}}
"""


def database(machine: Machine) -> str:
    """PostgreSQL that acknowledges what its standby has, too."""
    return f"""
listen_addresses = '{machine.address}'
port = {DATABASE_PORT}
unix_socket_directories = ''
shared_buffers = 128MB
max_connections = 100
wal_level = replica
hot_standby = on
max_wal_senders = 4
max_replication_slots = 4
max_slot_wal_keep_size = 1GB
wal_receiver_timeout = 10s
wal_sender_timeout = 10s
synchronous_commit = on
"""


HOST_RULES = """\
local all all reject
host all all 127.0.0.0/8 scram-sha-256
host replication replicator 127.0.0.0/8 scram-sha-256
"""


def rabbit(machine: Machine, password: str) -> str:
    """RabbitMQ, which else ends the connection of a worker that is at a task for half an hour."""
    return f"""\
listeners.tcp.1 = {machine.address}:{RABBIT_PORT}
default_user = survey
default_pass = {password}
consumer_timeout = {LONGEST_TASK_MILLISECONDS}
log.console = true
log.console.level = warning
log.file = false
vm_memory_high_watermark.absolute = 300MB
disk_free_limit.absolute = 100MB
"""


def rabbit_environment(machine: Machine) -> dict[str, str]:
    """Where RabbitMQ lies, and that nobody outside the loopback interface reaches it."""
    inside = "{" + machine.address.replace(".", ",") + "}"
    folder = machine.folder
    return {
        "RABBITMQ_NODENAME": f"rabbit@{machine.name}",
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": f"-kernel inet_dist_use_interface {inside}",
        "RABBITMQ_IO_THREAD_POOL_SIZE": "4",
        "ERL_EPMD_ADDRESS": machine.address,
    }


def valkey(machine: Machine) -> list[str]:
    """The command of a Valkey that holds queues (0) and cache (1)."""
    return [
        *("valkey-server", "--bind", machine.address, "--port", str(VALKEY_PORT)),
        *("--protected-mode", "no", "--save", "", "--appendonly", "no"),
        *("--maxmemory", "128mb", "--maxmemory-policy", "volatile-lru"),
        *("--dir", str(machine.folder)),
    ]


def certificate_command(machine: Machine) -> list[str]:
    """openssl makes a certificate for the proxy's address, for a day."""
    return [
        *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"),
        *("-subj", "/CN=survey", "-addext", f"subjectAltName=IP:{machine.address},DNS:survey"),
        *("-keyout", str(machine.folder / "key.pem")),
        *("-out", str(machine.folder / "certificate.pem")),
    ]


def write(machine: Machine, name: str, text: str) -> Path:
    """A file in a machine's folder, for its user alone."""
    path = machine.folder / name
    path.write_text(text)
    os.chown(path, machine.user, machine.user)
    path.chmod(0o600)
    return path
