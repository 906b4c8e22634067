# Connects with a client certificate, once per line of standard input: port, version, certificate file, key file, root file.
import socket
import ssl
import sys


def attempt(port, version, certificate, key, root):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(root)
    context.load_cert_chain(certificate, key)
    context.minimum_version = context.maximum_version = {
        "1.2": ssl.TLSVersion.TLSv1_2,
        "1.3": ssl.TLSVersion.TLSv1_3,
    }[version]
    with socket.create_connection(("127.0.0.1", int(port)), timeout=4) as plain:
        with context.wrap_socket(plain, server_hostname="localhost") as connection:
            connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
            connection.recv(512)


for line in sys.stdin:
    try:
        attempt(*line.split())
        print("done", flush=True)
    except Exception as failure:
        print("failed:", str(failure).replace("\n", " "), flush=True)
