#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A registry for tests that need one to misbehave, to want tokens, or to tell what it was asked.

registry_server.py DIR PORT LOG [key=value...] serves the OCI layout in DIR under every repository name; what is
pushed goes into the same layout. LOG gets one JSON line per request: method, path, status, authorization, range, host.
A layer is the largest blob. The keys:

  host=127.0.0.1       where to listen
  auth=token|basic     with the user alice, password secret; token: /token is the realm
  realm=URL            the realm that challenges name (default: /token of this server)
  deny_anonymous=1     the token server wants the user
  uses=N               a token is good for N requests
  redirect=URL         blobs are at URL + path (307)
  range=no             Range is not understood
  cut=N times=M        the connection is closed after N bytes of a layer, in the first M answers
  stall=N              after N bytes of a layer nothing more comes
  dribble=1            a layer comes one byte every half a second
  pace=SECONDS         a pause after each 64 KiB of a layer
  flip=1               one byte of each layer is wrong
  longer=N shorter=N   so many bytes more or fewer than the layer has (announced in Content-Length)
  endless=1            a layer never ends
  digest=TEXT          Docker-Content-Digest of manifests
  manifest=FILE        what every manifest request gets
  tags=TEXT            the list of tags, as it is sent
  error=TEXT code=N    every manifest request fails so, as a registry's JSON error
  stuck=1              an upload's body is never read
  redirect_loop=1      blobs lead to themselves
  busy=STATUS          the first requests of a kind fail so:  busy_for=token|manifests|blobs|post|put|all  busy_times=N
  retry_after=TEXT     with them; date:N is the date in N seconds
  range=416            no range can be satisfied
  reset=N              the first N blob requests end by a reset connection
  pages=same|new       lists of tags lead on for ever, with the same tag or with new ones
  headers=N            a manifest's answer has that many bytes of headers;  headers_in=line|lines
  continues=1          "100 Continue" for ever
  cert=FILE key=FILE   TLS;  tls_max=1.1: not newer than that;  client_ca=FILE: clients need a certificate of it
"""
import base64
import email.utils
import hashlib
import http.server
import json
import os
import socket
import socketserver
import ssl
import struct
import sys
import threading
import time
import urllib.parse

DIR, PORT, LOG = sys.argv[1], int(sys.argv[2]), open(sys.argv[3], "a")
OPT = dict(a.split("=", 1) for a in sys.argv[4:])
HOST = OPT.get("host", "127.0.0.1")
SCHEME = "https" if "cert" in OPT else "http"
BASIC = "Basic " + base64.b64encode(b"alice:secret").decode()
BLOBS = os.path.join(DIR, "blobs", "sha256")
lock = threading.Lock()
tokens = {}
failed = {}
resets = int(OPT.get("reset", "0"))
cuts = int(OPT.get("times", "1000000"))
uploads = {}


def largest():
    return max((os.path.getsize(os.path.join(BLOBS, f)), f) for f in os.listdir(BLOBS))[1]


def tagged():
    index = json.load(open(os.path.join(DIR, "index.json")))
    return {m.get("annotations", {}).get("org.opencontainers.image.ref.name", "latest"): m for m in index["manifests"]}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *args):
        pass

    def note(self, status):
        with lock:
            LOG.write(json.dumps({
                "method": self.command, "path": self.path, "status": status,
                "authorization": self.headers.get("Authorization", ""),
                "range": self.headers.get("Range", ""), "host": f"{HOST}:{PORT}"}) + "\n")
            LOG.flush()

    def reply(self, status, body=b"", headers=None, length=None):
        self.note(status)
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def fail(self, status, code, message, headers=None):
        self.reply(status, json.dumps({"errors": [{"code": code, "message": message}]}).encode(),
                   {"Content-Type": "application/json", **(headers or {})})

    def challenge(self):
        if OPT["auth"] == "basic":
            value = 'Basic realm="test"'
        else:
            realm = OPT.get("realm", f"{SCHEME}://{HOST}:{PORT}/token")
            value = f'Bearer realm="{realm}",service="test registry"'
        self.fail(401, "UNAUTHORIZED", "authentication required", {"WWW-Authenticate": value})
        return False

    def busy(self):
        """Is this one of the requests that fail? Then it was answered."""
        path = urllib.parse.urlsplit(self.path).path
        kind = {"POST": "post", "PUT": "put"}.get(self.command) or \
            ("token" if path == "/token" else "blobs" if "/blobs/" in path else "manifests" if "/manifests/" in path else "")
        if "busy" not in OPT or not kind or OPT.get("busy_for", "all") not in (kind, "all"):
            return False
        with lock:
            failed[kind] = failed.get(kind, 0) + 1
            if failed[kind] > int(OPT.get("busy_times", "1000000")):
                return False
        after = OPT.get("retry_after", "")
        if after.startswith("date:"):
            after = email.utils.formatdate(time.time() + int(after[5:]), usegmt=True)
        if self.command in ("POST", "PUT"):
            self.body()
        self.reply(int(OPT["busy"]), b"busy", {"Retry-After": after} if after else {})
        return True

    def many_headers(self):
        self.note(200)
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        size = int(OPT["headers"])
        try:
            if OPT.get("headers_in") == "line":
                self.wfile.write(b"X-Long: " + b"x" * size + b"\r\n")
            else:
                for at in range(0, size, 100):
                    self.wfile.write(b"X-%08d: " % at + b"x" * 88 + b"\r\n")
            self.wfile.write(b"Content-Length: 0\r\n\r\n")
        except OSError:
            pass
        self.close_connection = True

    def continue_for_ever(self):
        self.note(100)
        try:
            while True:
                self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        except OSError:
            self.close_connection = True

    def allowed(self):
        kind, given = OPT.get("auth"), self.headers.get("Authorization", "")
        if not kind:
            return True
        if kind == "basic":
            return given == BASIC or self.challenge()
        with lock:
            left = tokens.get(given.removeprefix("Bearer "), 0)
            if left > 0:
                tokens[given.removeprefix("Bearer ")] = left - 1
        return left > 0 or self.challenge()

    def token(self, form=None):
        given = self.headers.get("Authorization", "")
        if form is not None and form.get("refresh_token") != "lasting":
            return self.fail(401, "UNAUTHORIZED", "no such refresh token")
        if form is None and ((given and given != BASIC) or (not given and "deny_anonymous" in OPT)):
            return self.fail(401, "UNAUTHORIZED", "incorrect username or password")
        text = os.urandom(8).hex()
        with lock:
            tokens[text] = int(OPT.get("uses", "1000000"))
        self.reply(200, json.dumps({"token": text, "expires_in": 300}).encode())

    def manifest(self, ref):
        if "headers" in OPT:
            return self.many_headers()
        if "continues" in OPT:
            return self.continue_for_ever()
        if "error" in OPT:
            return self.fail(int(OPT.get("code", "500")), "UNKNOWN", OPT["error"].encode().decode("unicode_escape"))
        entry = tagged().get(ref)
        name = entry["digest"][7:] if entry else ref[7:]
        path = os.path.join(BLOBS, name)
        if "manifest" in OPT:
            path = OPT["manifest"]
        elif not name or not os.path.exists(path):
            return self.fail(404, "MANIFEST_UNKNOWN", "manifest unknown")
        body = open(path, "rb").read()
        kind = "application/vnd.oci.image.manifest.v1+json"
        try:
            kind = json.loads(body).get("mediaType", kind)
        except ValueError:
            pass
        self.reply(200, body, {"Content-Type": kind, "Docker-Content-Digest": OPT.get(
            "digest", "sha256:" + hashlib.sha256(body).hexdigest())})

    def layer(self, body, start, status, headers):
        global cuts
        total = len(body) + int(OPT.get("longer", "0")) - int(OPT.get("shorter", "0"))
        if "flip" in OPT:
            body = body[:-9] + bytes([body[-9] ^ 255]) + body[-8:]
        body = (body + b"\0" * int(OPT.get("longer", "0")))[:total][start:]
        self.note(status)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if "endless" not in OPT:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        limit = len(body)
        if "cut" in OPT:
            with lock:
                cuts -= 1
                limit = int(OPT["cut"]) if cuts >= 0 else limit
        if "stall" in OPT:
            limit = int(OPT["stall"])
        step = 1 if "dribble" in OPT else 65536
        try:
            for at in range(0, min(limit, len(body)), step):
                self.wfile.write(body[at:min(at + step, limit)])
                self.wfile.flush()
                time.sleep(0.5 if "dribble" in OPT else float(OPT.get("pace", "0")))
            sent = len(body)
            while "endless" in OPT:
                self.wfile.write(b"\0" * 16384)
                sent += 16384
            if "stall" in OPT:
                time.sleep(60)
        except OSError:
            if "endless" in OPT:
                with lock:
                    LOG.write(json.dumps({"method": "CLOSED", "path": self.path, "sent": sent}) + "\n")
                    LOG.flush()
        self.close_connection = True

    def blob(self, digest):
        global resets
        with lock:
            resets -= 1
            reset = resets >= 0
        if reset:
            self.note(0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            self.close_connection = True
            return None
        path = os.path.join(BLOBS, digest.removeprefix("sha256:"))
        if "redirect_loop" in OPT:
            return self.reply(307, headers={"Location": self.path})
        if "redirect" in OPT:
            return self.reply(307, headers={"Location": OPT["redirect"] + self.path})
        if "/" in digest or not os.path.exists(path):
            return self.fail(404, "BLOB_UNKNOWN", "blob unknown to registry")
        body = open(path, "rb").read()
        start, status, headers = 0, 200, {"Content-Type": "application/octet-stream"}
        if self.headers.get("Range") and OPT.get("range") != "no":
            if OPT.get("range") == "416":
                return self.reply(416)
            start = int(self.headers["Range"].removeprefix("bytes=").split("-")[0])
            if start >= len(body):
                return self.reply(416)
            status = 206
            headers["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
        if self.command == "GET" and digest[7:] == largest():
            return self.layer(body, start, status, headers)
        self.reply(status, body[start:], headers)

    def do_GET(self):
        path = urllib.parse.urlsplit(self.path).path
        if self.busy():
            return None
        if path == "/token":
            return self.token()
        if not self.allowed():
            return None
        if path in ("/v2/", "/v2"):
            return self.reply(200, b"{}", {"Content-Type": "application/json"})
        name, _, rest = path.removeprefix("/v2/").rpartition("/manifests/")
        if name:
            return self.manifest(rest)
        name, _, rest = path.removeprefix("/v2/").rpartition("/blobs/")
        if name:
            return self.blob(rest)
        if path.endswith("/tags/list") and "tags" in OPT:
            return self.reply(200, OPT["tags"].encode())
        if path.endswith("/tags/list"):
            if "pages" in OPT:
                tag = "t" if OPT["pages"] == "same" else os.urandom(8).hex()
                return self.reply(200, json.dumps({"name": "x", "tags": [tag]}).encode(),
                                  {"Link": f'<{path}?n=1&last={tag}>; rel="next"'})
            query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query))
            names = sorted(t for t in tagged() if t > query.get("last", ""))
            headers = {"Link": f'<{path}?n=1&last={names[0]}>; rel="next"'} if len(names) > 1 else {}
            return self.reply(200, json.dumps({"name": "x", "tags": names[:1]}).encode(), headers)
        return self.fail(404, "NAME_UNKNOWN", "repository name not known to registry")

    do_HEAD = do_GET

    def body(self):
        if self.headers.get("Expect"):
            pass  # BaseHTTPRequestHandler has answered 100
        return self.rfile.read(int(self.headers.get("Content-Length", "0")))

    def do_POST(self):
        if self.busy():
            return None
        body = self.body()
        if urllib.parse.urlsplit(self.path).path == "/token":
            return self.token(dict(urllib.parse.parse_qsl(body.decode())))
        if not self.allowed():
            return None
        session = os.urandom(8).hex()
        uploads[session] = body
        return self.reply(202, headers={"Location": OPT.get("location", "") + f"/upload/{session}?state=a%2Fb"})

    def do_PUT(self):
        if "stuck" in OPT:
            time.sleep(30)
        if self.busy():
            return None
        body = self.body()
        parts = urllib.parse.urlsplit(self.path)
        if not self.allowed():
            return None
        digest = "sha256:" + hashlib.sha256(body).hexdigest()
        wanted = dict(urllib.parse.parse_qsl(parts.query)).get("digest")
        if parts.path.startswith("/upload/") and wanted != digest:
            return self.fail(400, "DIGEST_INVALID", "provided digest did not match uploaded content")
        open(os.path.join(BLOBS, digest[7:]), "wb").write(body)
        if "/manifests/" in parts.path:
            self.tag(parts.path.rpartition("/")[2], digest, body)
        return self.reply(201, headers={"Docker-Content-Digest": digest})

    def tag(self, ref, digest, body):
        file = os.path.join(DIR, "index.json")
        index = json.load(open(file))
        index["manifests"].append({
            "mediaType": self.headers.get("Content-Type"), "digest": digest, "size": len(body),
            "annotations": {"org.opencontainers.image.ref.name": ref}})
        json.dump(index, open(file, "w"))


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass


server = Server((HOST, PORT), Handler)
if "cert" in OPT:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(OPT["cert"], OPT["key"])
    if "tls_max" in OPT:
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = {"1.0": ssl.TLSVersion.TLSv1, "1.1": ssl.TLSVersion.TLSv1_1}[OPT["tls_max"]]
    if "client_ca" in OPT:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(OPT["client_ca"])
    server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
