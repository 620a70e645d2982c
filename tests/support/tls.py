"""A server that speaks TLS."""

import contextlib
import http.server
import ssl
import threading
from collections.abc import Iterator
from typing import Any

import orjson
import trustme

from tests.support.samples import run_json


@contextlib.contextmanager
def tls_server(authority: trustme.CA, *, demands_certificate: bool = False) -> Iterator[str]:
    """A server with a certificate of this authority, which responds to every GET with a run."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    if demands_certificate:
        context.verify_mode = ssl.CERT_REQUIRED
        authority.configure_trust(context)
    with http.server.HTTPServer(("127.0.0.1", 0), _Handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"https://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = orjson.dumps(run_json())
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Keep standard error clean."""
