"""One connection, as a server or a client, and one line on how it ended.

Arguments: "server" or "client", port, name, chain or "none", key, CA file, flags.
"""

import socket
import ssl
import sys

role, port, name, chain, key, ca, flags = sys.argv[1:8]


def context(purpose):
    made = ssl.SSLContext(purpose)
    if chain != "none":
        made.load_cert_chain(chain, key)
    made.load_verify_locations(ca)
    made.verify_mode = ssl.CERT_REQUIRED
    if "h2" in flags:
        made.set_alpn_protocols(["h2"])
    if "only1.3" in flags:
        made.minimum_version = ssl.TLSVersion.TLSv1_3
    if "tls1.2" in flags or "chacha" in flags:
        made.maximum_version = ssl.TLSVersion.TLSv1_2
    if "chacha" in flags:
        made.set_ciphers("ECDHE-ECDSA-CHACHA20-POLY1305")
    return made


def serve():
    try:
        made = context(ssl.PROTOCOL_TLS_SERVER)
        listener = socket.create_server(("127.0.0.1", int(port)))
    finally:
        print("LISTENING", flush=True)
    plain, _ = listener.accept()
    plain.settimeout(4)
    with made.wrap_socket(plain, server_side=True) as tls:
        tls.recv(512)
        tls.sendall(b"HTTP/1.0 200 OK\r\n\r\nwelcome\n")


def dial():
    made = context(ssl.PROTOCOL_TLS_CLIENT)
    with socket.create_connection(("127.0.0.1", int(port)), timeout=4) as plain:
        with made.wrap_socket(plain, server_hostname=name) as tls:
            tls.sendall(b"GET / HTTP/1.0\r\n\r\n")
            if not tls.recv(512):
                raise EOFError("end of stream")


try:
    (serve if role == "server" else dial)()
    print("ACCEPTED", flush=True)
except Exception as failure:  # whatever the library says is what is wanted
    print("REFUSED", " ".join(f"{type(failure).__name__}: {failure}".split()), flush=True)
