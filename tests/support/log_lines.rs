//! Log lines as the field has them, with what they mean.

use mtlscope::capture::Side::{self, Client, Server};
use mtlscope::diagnose::LogRole;

/// A line, the side that wrote it where the line tells, what it has to do with the refusal, and the causes that have to come
/// first, in any order.
pub struct Line(
    pub &'static str,
    pub Option<Side>,
    pub LogRole,
    pub &'static [&'static str],
);

use LogRole::{Judges, Own, Told};

/// Lines as the field has them.
#[rustfmt::skip]
pub const LINES: &[Line] = &[
    // OpenSSL
    Line(
        "140735:error:14094418:SSL routines:ssl3_read_bytes:tlsv1 alert unknown ca:ssl/record/rec_layer_s3.c:1536:SSL alert number 48",
        None,
        Told,
        &["unknown-issuer", "missing-intermediate"],
    ),
    Line(
        "error:0A00045C:SSL routines:ssl3_read_bytes:tlsv13 alert certificate required:../ssl/record/rec_layer_s3.c:1584:SSL alert number 116",
        Some(Client),
        Told,
        &["client-certificate-missing", "client-certificate-not-acceptable"],
    ),
    Line(
        "error:0A0000C7:SSL routines:tls_process_client_certificate:peer did not return a certificate:../ssl/statem/statem_srvr.c:3527:",
        Some(Server),
        Judges,
        &["client-certificate-missing"],
    ),
    Line(
        "error:0A000086:SSL routines:tls_process_server_certificate:certificate verify failed:../ssl/statem/statem_clnt.c:1889:\nverify error:num=18:self-signed certificate",
        Some(Client),
        Judges,
        &["self-signed-not-trusted"],
    ),
    Line(
        "depth=0 CN = orders\nverify error:num=20:unable to get local issuer certificate",
        None,
        Judges,
        &["missing-intermediate", "unknown-issuer"],
    ),
    Line(
        "depth=1 CN = Mesh Issuer\nverify error:num=20:unable to get local issuer certificate",
        None,
        Judges,
        &["unknown-issuer"],
    ),
    Line(
        "depth=0 CN = orders\nverify error:num=10:certificate has expired\nnotAfter=Feb  1 00:00:00 2020 GMT",
        None,
        Judges,
        &["expired"],
    ),
    Line(
        "verify error:num=26:unsuitable certificate purpose",
        None,
        Judges,
        &["wrong-purpose"],
    ),
    Line(
        "Verify return code: 62 (hostname mismatch)",
        None,
        Judges,
        &["name-mismatch"],
    ),
    Line(
        "error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../ssl/record/ssl3_record.c:354:",
        None,
        Judges,
        &["not-tls"],
    ),
    Line(
        "error:0A000415:SSL routines:ssl3_read_bytes:sslv3 alert certificate expired:SSL alert number 45",
        None,
        Told,
        &["expired", "not-yet-valid"],
    ),
    Line(
        "error:0A0000C1:SSL routines:tls_post_process_client_hello:no shared cipher:ssl/statem/statem_srvr.c:2220:",
        Some(Server),
        Judges,
        &["no-common-cipher"],
    ),
    Line(
        "error:0B080074:x509 certificate routines:X509_check_private_key:key values mismatch",
        None,
        Own,
        &["key-mismatch"],
    ),
    // curl
    Line(
        "curl: (60) SSL certificate problem: unable to get local issuer certificate",
        Some(Client),
        Judges,
        &["unknown-issuer", "missing-intermediate"],
    ),
    Line(
        "curl: (60) SSL: no alternative certificate subject name matches target host name 'localhost'",
        Some(Client),
        Judges,
        &["name-mismatch"],
    ),
    Line(
        "curl: (56) OpenSSL SSL_read: error:0A00045C:SSL routines::tlsv13 alert certificate required, errno 0",
        Some(Client),
        Told,
        &["client-certificate-missing"],
    ),
    Line(
        "curl: (58) unable to set private key file: 'client.key' type PEM",
        Some(Client),
        Own,
        &["key-mismatch"],
    ),
    Line(
        "* TLSv1.3 (OUT), TLS alert, unknown CA (560):",
        None,
        Judges,
        &["unknown-issuer"],
    ),
    Line(
        "curl: (35) error:0A00010B:SSL routines::wrong version number",
        Some(Client),
        Judges,
        &["not-tls"],
    ),
    // Go
    Line(
        "2026/01/02 15:04:05 http: TLS handshake error from 10.0.0.7:51234: tls: client didn't provide a certificate",
        Some(Server),
        Judges,
        &["client-certificate-missing"],
    ),
    Line(
        "http: TLS handshake error from 10.0.0.7:51234: remote error: tls: bad certificate",
        Some(Server),
        Told,
        // Measured: Go 1.19's client and GnuTLS's send it for each of these, OpenSSL's and rustls's for the name alone.
        &["unknown-issuer", "missing-intermediate", "expired", "name-mismatch"],
    ),
    Line(
        "http: TLS handshake error from 10.0.0.7:51234: remote error: tls: unknown certificate authority",
        Some(Server),
        Told,
        &["unknown-issuer"],
    ),
    Line(
        "Get \"https://payments:8443/\": x509: certificate signed by unknown authority (possibly because of \"x509: ECDSA verification failure\" while trying to verify candidate authority certificate \"Mesh Root\")",
        Some(Client),
        Judges,
        &["same-name-different-key"],
    ),
    Line(
        "Get \"https://payments:8443/\": tls: failed to verify certificate: x509: certificate is valid for payments.shop.svc, not localhost",
        Some(Client),
        Judges,
        &["name-mismatch"],
    ),
    Line(
        "x509: cannot validate certificate for 127.0.0.1 because it doesn't contain any IP SANs",
        Some(Client),
        Judges,
        &["ip-in-dns-name", "name-mismatch"],
    ),
    Line(
        "x509: certificate relies on legacy Common Name field, use SANs instead",
        Some(Client),
        Judges,
        &["no-san"],
    ),
    Line(
        "tls: failed to verify certificate: x509: certificate specifies an incompatible key usage",
        None,
        Judges,
        &["wrong-purpose"],
    ),
    Line(
        "x509: certificate has expired or is not yet valid: current time 2026-11-24T08:00:00Z is before 2027-01-01T00:00:00Z",
        None,
        Judges,
        &["not-yet-valid"],
    ),
    Line(
        "tls: first record does not look like a TLS handshake",
        None,
        Judges,
        &["not-tls"],
    ),
    Line(
        "remote error: tls: certificate required",
        Some(Client),
        Told,
        &["client-certificate-missing"],
    ),
    // Java
    Line(
        "javax.net.ssl.SSLHandshakeException: PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target",
        None,
        Judges,
        &["unknown-issuer", "missing-intermediate"],
    ),
    Line(
        "javax.net.ssl.SSLHandshakeException: Received fatal alert: certificate_required",
        Some(Client),
        Told,
        &["client-certificate-missing"],
    ),
    Line(
        "javax.net.ssl.SSLHandshakeException: No subject alternative DNS name matching payments found.",
        Some(Client),
        Judges,
        &["name-mismatch"],
    ),
    Line(
        "javax.net.ssl.SSLHandshakeException: Empty client certificate chain",
        Some(Server),
        Judges,
        &["client-certificate-missing"],
    ),
    Line(
        "java.security.cert.CertificateExpiredException: NotAfter: Sat Feb 01 00:00:00 UTC 2020",
        None,
        Judges,
        &["expired"],
    ),
    Line(
        "sun.security.validator.ValidatorException: Extended key usage does not permit use for TLS client authentication",
        Some(Server),
        Judges,
        &["wrong-purpose"],
    ),
    Line(
        "javax.net.ssl.SSLException: Unsupported or unrecognized SSL message",
        None,
        Judges,
        &["not-tls"],
    ),
    // Node
    Line(
        "Error: self-signed certificate\n  code: 'DEPTH_ZERO_SELF_SIGNED_CERT'",
        None,
        Judges,
        &["self-signed-not-trusted"],
    ),
    Line(
        "Error: unable to verify the first certificate { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }",
        None,
        Judges,
        &["missing-intermediate", "unknown-issuer"],
    ),
    Line(
        "Error [ERR_TLS_CERT_ALTNAME_INVALID]: Hostname/IP does not match certificate's altnames: Host: localhost. is not in the cert's altnames: DNS:payments.shop.svc",
        Some(Client),
        Judges,
        &["name-mismatch"],
    ),
    Line(
        "Error: certificate has expired { code: 'CERT_HAS_EXPIRED' }",
        None,
        Judges,
        &["expired"],
    ),
    // Python
    Line(
        "ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: Hostname mismatch, certificate is not valid for 'localhost'. (_ssl.c:1007)",
        Some(Client),
        Judges,
        &["name-mismatch"],
    ),
    Line(
        "ssl.SSLError: [SSL: TLSV13_ALERT_CERTIFICATE_REQUIRED] tlsv13 alert certificate required (_ssl.c:2580)",
        Some(Client),
        Told,
        &["client-certificate-missing"],
    ),
    Line(
        "urllib.error.URLError: <urlopen error [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate (_ssl.c:1007)>",
        Some(Client),
        Judges,
        &["unknown-issuer", "missing-intermediate"],
    ),
    // nginx
    Line(
        "2026/11/24 08:00:00 [info] 7#7: *1 client sent no required SSL certificate while reading client request headers, client: 127.0.0.1, server: localhost",
        Some(Server),
        Judges,
        &["client-certificate-missing"],
    ),
    Line(
        "[info] 7#7: *1 client SSL certificate verify error: (21:unable to verify the first certificate) while reading client request headers, client: 127.0.0.1",
        Some(Server),
        Judges,
        &["missing-intermediate", "unknown-issuer"],
    ),
    Line(
        "[error] 7#7: *1 upstream SSL certificate verify error: (10:certificate has expired) while SSL handshaking to upstream, client: 127.0.0.1, upstream: \"https://10.0.0.9:443/\"",
        Some(Client),
        Judges,
        &["expired"],
    ),
    Line(
        "[error] 7#7: *1 upstream SSL certificate does not match \"payments\" while SSL handshaking to upstream",
        Some(Client),
        Judges,
        &["name-mismatch"],
    ),
    Line(
        "<center>No required SSL certificate was sent</center>",
        Some(Server),
        Judges,
        &["client-certificate-missing"],
    ),
    Line(
        "<head><title>400 The SSL certificate error</title></head>",
        Some(Server),
        Judges,
        &["unknown-issuer", "missing-intermediate", "expired"],
    ),
    // Envoy and the meshes
    Line(
        "upstream connect error or disconnect/reset before headers. retried and the latest reset reason: remote connection failure, transport failure reason: TLS_error:|268435581:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED:verify cert failed: verify SAN list:TLS_error_end",
        Some(Client),
        Judges,
        &["name-mismatch", "spiffe-id-mismatch"],
    ),
    Line(
        "TLS_error:|268436501:SSL routines:OPENSSL_internal:SSLV3_ALERT_CERTIFICATE_EXPIRED:TLS_error_end",
        None,
        Told,
        &["expired", "not-yet-valid"],
    ),
    Line(
        "TLS error: 268436504:SSL routines:OPENSSL_internal:TLSV1_ALERT_UNKNOWN_CA",
        None,
        Told,
        &["unknown-issuer"],
    ),
    Line(
        "TLS error: 268435703:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER",
        None,
        Judges,
        &["not-tls"],
    ),
    Line(
        "268435648:SSL routines:OPENSSL_internal:PEER_DID_NOT_RETURN_A_CERTIFICATE",
        Some(Server),
        Judges,
        &["client-certificate-missing"],
    ),
    Line(
        "identity verification error: peer did not present the expected SAN (spiffe://a/ns/b/sa/c), got spiffe://a/ns/b/sa/d",
        None,
        Judges,
        &["spiffe-id-mismatch"],
    ),
    // GnuTLS
    Line(
        "- Status: The certificate is NOT trusted. The certificate issuer is unknown.",
        None,
        Judges,
        &["unknown-issuer", "missing-intermediate"],
    ),
    Line(
        "*** Fatal error: A TLS fatal alert has been received.\n*** Received alert [48]: CA is unknown",
        None,
        Told,
        &["unknown-issuer"],
    ),
    Line(
        "- Status: The certificate is NOT trusted. The name in the certificate does not match the expected.",
        Some(Client),
        Judges,
        &["name-mismatch"],
    ),
    // rustls
    Line(
        "invalid peer certificate: UnknownIssuer",
        None,
        Judges,
        &["unknown-issuer", "missing-intermediate"],
    ),
    Line(
        "InvalidCertificate(ExpiredContext { time: UnixTime(1), not_after: UnixTime(0) })",
        None,
        Judges,
        &["expired"],
    ),
    Line(
        "received fatal alert: CertificateRequired",
        Some(Client),
        Told,
        &["client-certificate-missing"],
    ),
    Line(
        "invalid peer certificate: certificate not valid for name \"localhost\"; certificate is only valid for DnsName(\"payments\")",
        Some(Client),
        Judges,
        &["name-mismatch"],
    ),
    Line(
        "peer sent no certificates",
        None,
        Judges,
        &["client-certificate-missing"],
    ),
    Line(
        "invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))",
        None,
        Judges,
        &["leaf-is-ca", "leaf-not-first"],
    ),
];
