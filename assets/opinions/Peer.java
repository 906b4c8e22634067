// One end of a TLS connection, as the JDK's JSSE makes it; opinion/ runs it. The protocol is peer.py's.

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.CertPathBuilder;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.Date;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import java.util.List;

public class Peer {
    static final int PATIENCE_MS = 8000;
    static final char[] NO_PASSWORD = "password".toCharArray();

    static int status = 0;

    static void say(String kind, String words) {
        status = kind.equals("refused") || kind.equals("unusable") ? 1 : 0;
        System.out.println(kind + "\t" + String.join(" · ", words.strip().split("\\s*\n\\s*")));
        System.out.flush();
    }

    /** The exception and what caused it, as a stack trace names them, without what repeats. */
    static String wordsOf(Throwable error) {
        StringBuilder words = new StringBuilder(error.toString());
        for (Throwable cause = error.getCause(); cause != null; cause = cause.getCause()) {
            if (words.indexOf(cause.toString()) < 0) {
                words.append(" · Caused by: ").append(cause);
            }
        }
        return words.toString();
    }

    static Collection<? extends Certificate> certificates(String file) throws Exception {
        try (InputStream in = new FileInputStream(file)) {
            return CertificateFactory.getInstance("X.509").generateCertificates(in);
        }
    }

    static PrivateKey key(String file) throws Exception {
        String text = Files.readString(Path.of(file)).replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(text));
        for (String algorithm : new String[] {"EC", "RSA", "EdDSA"}) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (java.security.spec.InvalidKeySpecException other) {
                // Another algorithm, then.
            }
        }
        throw new IOException("a key of another algorithm");
    }

    static TrustManager[] trust(Map<String, String> job) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        int count = 0;
        if (job.containsKey("trust")) {
            for (Certificate certificate : certificates(job.get("trust"))) {
                trusted.setCertificateEntry("trusted-" + count++, certificate);
            }
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        if (job.containsKey("at") && !job.containsKey("crl")) {
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(trusted, new X509CertSelector());
            parameters.setRevocationEnabled(false);
            parameters.setDate(date(job));
            trust.init(new CertPathTrustManagerParameters(parameters));
        } else if (job.containsKey("crl")) {
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(trusted, new X509CertSelector());
            PKIXRevocationChecker checker =
                    (PKIXRevocationChecker) CertPathBuilder.getInstance("PKIX").getRevocationChecker();
            EnumSet<PKIXRevocationChecker.Option> options =
                    EnumSet.of(PKIXRevocationChecker.Option.PREFER_CRLS, PKIXRevocationChecker.Option.NO_FALLBACK);
            if ("leaf".equals(job.get("scope"))) {
                options.add(PKIXRevocationChecker.Option.ONLY_END_ENTITY);
            }
            checker.setOptions(options);
            parameters.addCertPathChecker(checker);
            if (job.containsKey("at")) {
                parameters.setDate(date(job));
            }
            try (InputStream in = new FileInputStream(job.get("crl"))) {
                parameters.addCertStore(CertStore.getInstance("Collection",
                        new CollectionCertStoreParameters(CertificateFactory.getInstance("X.509").generateCRLs(in))));
            }
            trust.init(new CertPathTrustManagerParameters(parameters));
        } else {
            trust.init(trusted);
        }
        return trust.getTrustManagers();
    }

    static Date date(Map<String, String> job) {
        return new Date(Long.parseLong(job.get("at")) * 1000);
    }

    /** Judges the file "chain" as a TLS end of the JDK does, without a handshake: names are compared only in one. */
    static void judge(Map<String, String> job) throws Exception {
        X509TrustManager manager = (X509TrustManager) trust(job)[0];
        X509Certificate[] chain;
        try {
            chain = certificates(job.get("chain")).toArray(new X509Certificate[0]);
        } catch (Exception error) {
            say("refused", wordsOf(error));
            return;
        }
        if (job.get("purpose").equals("client")) {
            manager.checkClientTrusted(chain, "EC");
        } else {
            manager.checkServerTrusted(chain, "ECDHE_ECDSA");
        }
        say("answered", "");
    }

    static SSLContext context(Map<String, String> job) throws Exception {
        TrustManager[] trust = trust(job);
        KeyManager[] keys = null;
        if (job.containsKey("cert")) {
            KeyStore own = KeyStore.getInstance("PKCS12");
            own.load(null, null);
            own.setKeyEntry("own", key(job.get("key")), NO_PASSWORD, certificates(job.get("cert")).toArray(new Certificate[0]));
            KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
            factory.init(own, NO_PASSWORD);
            keys = factory.getKeyManagers();
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, trust, null);
        return context;
    }

    static void configure(SSLParameters parameters, Map<String, String> job) {
        if (job.containsKey("tls")) {
            parameters.setProtocols(new String[] {"TLSv" + job.get("tls")});
        }
        if (job.containsKey("alpn")) {
            parameters.setApplicationProtocols(new String[] {job.get("alpn")});
        }
    }

    static void serve(Map<String, String> job, SSLContext context) throws Exception {
        try (SSLServerSocket listener = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            SSLParameters parameters = listener.getSSLParameters();
            configure(parameters, job);
            parameters.setNeedClientAuth(true);
            listener.setSSLParameters(parameters);
            listener.setSoTimeout(PATIENCE_MS);
            say("port", Integer.toString(listener.getLocalPort()));
            try (SSLSocket stream = (SSLSocket) listener.accept()) {
                stream.setSoTimeout(PATIENCE_MS);
                stream.startHandshake();
                if (stream.getInputStream().read(new byte[4096]) > 0) {
                    stream.getOutputStream().write("HTTP/1.0 200 OK\r\n\r\nhello\n".getBytes(StandardCharsets.US_ASCII));
                    say("answered", "");
                } else {
                    say("refused", "");
                }
            }
        }
    }

    static void dial(Map<String, String> job, SSLContext context) throws Exception {
        // The name asked for is the socket's host, though it is reached at 127.0.0.1.
        int port = Integer.parseInt(job.get("port"));
        Socket plain = new Socket("127.0.0.1", port);
        String name = job.get("name");
        String host = name == null ? "127.0.0.1" : name;
        try (SSLSocket stream = (SSLSocket) context.getSocketFactory().createSocket(plain, host, port, true)) {
            stream.setSoTimeout(PATIENCE_MS);
            SSLParameters parameters = stream.getSSLParameters();
            configure(parameters, job);
            // An address is no server_name (RFC 6066 §3); it is compared all the same.
            if (name != null && !name.contains(":") && !name.matches("[0-9.]+")) {
                parameters.setServerNames(List.of(new SNIHostName(name)));
            }
            if (name != null) {
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
            }
            stream.setSSLParameters(parameters);
            stream.startHandshake();
            Thread.sleep(100);
            try {
                stream.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            } catch (IOException late) {
                if (stream.isClosed()) {
                    throw late;
                }
            }
            byte[] buffer = new byte[4096];
            int length = stream.getInputStream().read(buffer);
            String status = length < 0 ? "" : new String(buffer, 0, length, StandardCharsets.ISO_8859_1).split("\r\n")[0];
            if (status.contains(" 200 ")) {
                say("answered", "");
            } else {
                say("refused", status);
            }
        }
    }

    public static void main(String[] arguments) throws Exception {
        say("version", System.getProperty("java.version"));
        if (arguments.length > 0) {
            run(arguments);
            System.exit(status);
        }
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            run(line.split("\t"));
        }
    }

    static void run(String[] parts) {
        Map<String, String> job = new HashMap<>();
        for (String part : parts) {
            int at = part.indexOf('=');
            job.put(part.substring(0, at), part.substring(at + 1));
        }
        SSLContext context;
        try {
            context = context(job);
        } catch (Exception error) {
            say("unusable", wordsOf(error));
            return;
        }
        try {
            switch (job.get("role")) {
                case "server" -> serve(job, context);
                case "chain" -> judge(job);
                default -> dial(job, context);
            }
        } catch (Exception error) {
            say("refused", wordsOf(error));
        }
    }
}
