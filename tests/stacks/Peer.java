// One connection, as a server or a client, and one line on how it ended. Arguments: "server" or "client", port, name, chain
// or "none", key, CA file, flags.

import java.io.FileInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

public class Peer {
    static Certificate[] certificates(String file) throws Exception {
        try (FileInputStream in = new FileInputStream(file)) {
            return CertificateFactory.getInstance("X.509").generateCertificates(in).toArray(new Certificate[0]);
        }
    }

    static PrivateKey key(String file, String algorithm) throws Exception {
        String text = new String(Files.readAllBytes(Paths.get(file)));
        byte[] der = Base64.getMimeDecoder().decode(text.replaceAll("-----[A-Z ]+-----", ""));
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
    }

    static SSLContext context(String chainFile, String keyFile, String caFile) throws Exception {
        KeyManagerFactory keys = null;
        if (!chainFile.equals("none")) {
            Certificate[] chain = certificates(chainFile);
            KeyStore own = KeyStore.getInstance("PKCS12");
            own.load(null, null);
            own.setKeyEntry("own", key(keyFile, chain[0].getPublicKey().getAlgorithm()), new char[] {'x'}, chain);
            keys = KeyManagerFactory.getInstance("SunX509");
            keys.init(own, new char[] {'x'});
        }
        KeyStore roots = KeyStore.getInstance("PKCS12");
        roots.load(null, null);
        roots.setCertificateEntry("root", certificates(caFile)[0]);
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(roots);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys == null ? null : keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    static void serve(String[] words) throws Exception {
        SSLContext context;
        try {
            context = context(words[3], words[4], words[5]);
        } catch (Exception failure) {
            System.out.println("LISTENING");
            throw failure;
        }
        SSLServerSocket listener =
                (SSLServerSocket) context.getServerSocketFactory()
                        .createServerSocket(Integer.parseInt(words[1]), 1, java.net.InetAddress.getByName("127.0.0.1"));
        listener.setNeedClientAuth(true);
        if (words[6].contains("h2")) {
            SSLParameters parameters = listener.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2"});
            listener.setSSLParameters(parameters);
        }
        if (words[6].contains("only1.3")) {
            listener.setEnabledProtocols(new String[] {"TLSv1.3"});
        }
        System.out.println("LISTENING");
        try (SSLSocket socket = (SSLSocket) listener.accept()) {
            socket.setSoTimeout(4000);
            socket.startHandshake();
            socket.getInputStream().read(new byte[512]);
            socket.getOutputStream().write("HTTP/1.0 200 OK\r\n\r\nwelcome\n".getBytes());
        }
    }

    static void dial(String[] words) throws Exception {
        SSLContext context = context(words[3], words[4], words[5]);
        try (SSLSocket socket =
                (SSLSocket) context.getSocketFactory()
                        .createSocket(new java.net.Socket("127.0.0.1", Integer.parseInt(words[1])), words[2],
                                Integer.parseInt(words[1]), true)) {
            socket.setSoTimeout(4000);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            if (words[6].contains("h2")) {
                parameters.setApplicationProtocols(new String[] {"h2"});
            }
            socket.setSSLParameters(parameters);
            if (words[6].contains("tls1.2")) {
                socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            }
            if (words[6].contains("chacha")) {
                socket.setEnabledProtocols(new String[] {"TLSv1.2"});
                socket.setEnabledCipherSuites(new String[] {"TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"});
            }
            socket.startHandshake();
            socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes());
            InputStream in = socket.getInputStream();
            if (in.read(new byte[512]) < 0) {
                throw new java.io.EOFException("end of stream");
            }
        }
    }

    public static void main(String[] words) {
        try {
            if (words[0].equals("server")) {
                serve(words);
            } else {
                dial(words);
            }
            System.out.println("ACCEPTED");
        } catch (Throwable failure) {
            StringBuilder all = new StringBuilder();
            for (Throwable one = failure; one != null; one = one.getCause()) {
                String text = String.valueOf(one).replace('\n', ' ');
                if (all.indexOf(String.valueOf(one.getMessage())) < 0) {
                    all.append(all.length() == 0 ? "" : " · ").append(text);
                }
            }
            System.out.println("REFUSED " + all);
        }
    }
}
