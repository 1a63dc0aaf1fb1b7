# SPDX-License-Identifier: ISC
"""receiver DIR PORT [CERT KEY]: takes webhooks over HTTP, or HTTPS, and writes
each into DIR/got, one JSON object a line; checks the signature against the
secret in DIR/secret. DIR/ready is there when it listens. DIR/answer, where it
is there, holds the status to answer with."""
import hashlib
import hmac
import http.server
import json
import os
import ssl
import sys

directory, port = sys.argv[1], int(sys.argv[2])


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        secret = open(os.path.join(directory, "secret"), "rb").read().strip()
        stamp = self.headers["X-Gantry-Time"]
        good = "sha256=" + hmac.new(secret, stamp.encode() + b"." + body,
                                    hashlib.sha256).hexdigest()
        status = 204
        if os.path.exists(os.path.join(directory, "answer")):
            status = int(open(os.path.join(directory, "answer")).read())
        with open(os.path.join(directory, "got"), "a") as f:
            f.write(json.dumps({
                "event": self.headers["X-Gantry-Event"],
                "signed": hmac.compare_digest(
                    good, self.headers["X-Gantry-Signature"]),
                "status": status,
                "body": json.loads(body)}) + "\n")
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


server = http.server.HTTPServer(("127.0.0.1", port), Handler)
if len(sys.argv) > 3:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[3], sys.argv[4])
    server.socket = context.wrap_socket(server.socket, server_side=True)
open(os.path.join(directory, "ready"), "w").close()
server.serve_forever()
