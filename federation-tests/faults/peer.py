"""A scripted peer: actors behind an HTTP server that records what is delivered, and clients that sign what they send."""
import base64
import ctypes
import email.utils
import hashlib
import http.client
import http.server
import json
import subprocess
import threading
import time

from node import free_port

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
TYPE = "application/activity+json"


class Key:
    """An RSA key by OpenSSL's library, which every node is linked to anyway: no package is needed for it."""

    _library = None

    def __init__(self):
        pem = subprocess.run(["openssl", "genpkey", "-quiet", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
                             capture_output=True, check=True).stdout
        self.public_pem = subprocess.run(["openssl", "pkey", "-pubout"], input=pem, capture_output=True,
                                         check=True).stdout.decode()
        lib = self._lib()
        bio = lib.BIO_new_mem_buf(pem, len(pem))
        self._key = lib.PEM_read_bio_PrivateKey(bio, None, None, None)
        lib.BIO_free(bio)
        assert self._key, "OpenSSL does not read its own key"

    @classmethod
    def _lib(cls):
        if cls._library is None:
            lib = ctypes.CDLL("libcrypto.so.3")
            pointer = ctypes.c_void_p
            lib.BIO_new_mem_buf.restype = pointer
            lib.BIO_new_mem_buf.argtypes = [ctypes.c_char_p, ctypes.c_int]
            lib.BIO_free.argtypes = [pointer]
            lib.PEM_read_bio_PrivateKey.restype = pointer
            lib.PEM_read_bio_PrivateKey.argtypes = [pointer] * 4
            lib.EVP_sha256.restype = pointer
            lib.EVP_MD_CTX_new.restype = pointer
            lib.EVP_MD_CTX_free.argtypes = [pointer]
            lib.EVP_DigestSignInit.argtypes = [pointer] * 5
            lib.EVP_DigestSign.argtypes = [pointer, ctypes.c_char_p, ctypes.POINTER(ctypes.c_size_t), ctypes.c_char_p,
                                           ctypes.c_size_t]
            cls._library = lib
        return cls._library

    def sign(self, message):
        """RSASSA-PKCS1-v1_5 with SHA-256."""
        lib = self._lib()
        context = lib.EVP_MD_CTX_new()
        room = ctypes.create_string_buffer(512)
        length = ctypes.c_size_t(len(room))
        ok = lib.EVP_DigestSignInit(context, None, lib.EVP_sha256(), None, self._key) == 1
        ok = ok and lib.EVP_DigestSign(context, room, ctypes.byref(length), message, len(message)) == 1
        lib.EVP_MD_CTX_free(context)
        assert ok, "OpenSSL does not sign"
        return room.raw[: length.value]


class Peer:
    """One host with as many actors as are asked for: u0, u1, ..."""

    def __init__(self, shared=True):
        self.key = Key()
        self.shared = shared  # whether there is a shared inbox
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.received = []  # (when, activity), in the order of arrival
        self.arrived = threading.Condition()
        self.clock_offset = 0
        self.server = None
        self.open()

    # -- the server --

    def open(self):
        peer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            timeout = 60

            def log_message(self, *_):
                pass

            def do_GET(self):
                peer.answer_get(self)

            def do_POST(self):
                peer.answer_post(self)

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128
            allow_reuse_address = True

        self.connections = []
        server = Server(("127.0.0.1", self.port), Handler)
        keep = server.get_request

        def get_request():
            connection, address = keep()
            self.connections.append(connection)
            return connection, address

        server.get_request = get_request
        server.handle_error = lambda *_: None
        self.server = server
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self):
        """Nobody answers at this host any more."""
        if self.server is None:
            return
        self.server.shutdown()
        self.server.server_close()
        for connection in self.connections:
            try:
                connection.shutdown(2)
            except OSError:
                pass
        self.server = None

    def reply(self, handler, status, body):
        handler.send_response(status)
        handler.send_header("Content-Type", TYPE)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def answer_get(self, handler):
        parts = handler.path.strip("/").split("/")
        if len(parts) == 2 and parts[0] == "users":
            return self.reply(handler, 200, json.dumps(self.actor_document(parts[1])).encode())
        self.reply(handler, 404, b"{}")

    def answer_post(self, handler):
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        with self.arrived:
            self.received.append((time.monotonic(), json.loads(body)))
            self.arrived.notify_all()
        self.reply(handler, 202, b"{}")

    def actor(self, name):
        return f"{self.base}/users/{name}"

    def actor_document(self, name):
        actor = self.actor(name)
        document = {
            "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"],
            "id": actor, "type": "Person", "preferredUsername": name, "inbox": f"{actor}/inbox",
            "outbox": f"{actor}/outbox", "followers": f"{actor}/followers",
            "publicKey": {"id": f"{actor}#main-key", "owner": actor, "publicKeyPem": self.key.public_pem},
        }
        if self.shared:
            document["endpoints"] = {"sharedInbox": f"{self.base}/inbox"}
        return document

    def received_ids(self):
        with self.arrived:
            return {activity["id"] for _, activity in self.received}

    # -- activities --

    def activity(self, kind, name, number, **fields):
        return {"@context": "https://www.w3.org/ns/activitystreams", "type": kind,
                "id": f"{self.base}/activities/{kind}/{number}", "actor": self.actor(name), **fields}

    def create(self, name, number, parent, content="<p>a reply</p>"):
        note = {"id": f"{self.base}/notes/{number}", "type": "Note", "attributedTo": self.actor(name),
                "to": [PUBLIC], "content": content, "inReplyTo": parent}
        return self.activity("Create", name, number, to=[PUBLIC], object=note)

    def sender(self, node, name):
        return Sender(self, node, name)


class Sender:
    """A client that speaks as one actor over one kept-alive connection."""

    def __init__(self, peer, node, name):
        self.peer = peer
        self.node = node
        self.name = name
        self.connection = None

    def headers(self, target, body):
        date = email.utils.formatdate(time.time() + self.peer.clock_offset, usegmt=True)
        digest = "SHA-256=" + base64.b64encode(hashlib.sha256(body).digest()).decode()
        covered = f"(request-target): post {target}\nhost: {self.node.authority}\ndate: {date}\ndigest: {digest}"
        signature = base64.b64encode(self.peer.key.sign(covered.encode())).decode()
        return {
            "Host": self.node.authority, "Date": date, "Digest": digest, "Content-Type": TYPE,
            "Signature": f'keyId="{self.peer.actor(self.name)}#main-key",algorithm="rsa-sha256",'
                         f'headers="(request-target) host date digest",signature="{signature}"',
        }

    def send(self, activity, target="/inbox"):
        """(status, headers); status 0 when no answer came, and it is not known what became of it."""
        body = json.dumps(activity).encode()
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.node.port, timeout=15)
            self.connection.request("POST", target, body, self.headers(target, body))
            answer = self.connection.getresponse()
            answer.read()
            return answer.status, answer.headers
        except (OSError, http.client.HTTPException):
            self.close()
            return 0, {}

    def close(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None
