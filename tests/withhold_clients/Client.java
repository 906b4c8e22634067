// Connects with a client certificate, once per line of standard input: port, version, certificate file, key file, root file,
// and the key manager's algorithm (SunX509 or PKIX).

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.InputStreamReader;
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
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

public class Client {
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

    static void attempt(String[] words) throws Exception {
        Certificate[] chain = certificates(words[2]);
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        own.setKeyEntry("own", key(words[3], chain[0].getPublicKey().getAlgorithm()), new char[] {'x'}, chain);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(words[5]);
        keys.init(own, new char[] {'x'});
        KeyStore roots = KeyStore.getInstance("PKCS12");
        roots.load(null, null);
        roots.setCertificateEntry("root", certificates(words[4])[0]);
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(roots);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        try (SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", Integer.parseInt(words[0]))) {
            socket.setSoTimeout(4000);
            socket.setEnabledProtocols(new String[] {"TLSv" + words[1]});
            socket.startHandshake();
            socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes());
            socket.getInputStream().read(new byte[512]);
        }
    }

    public static void main(String[] arguments) throws Exception {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            try {
                attempt(line.trim().split(" +"));
                System.out.println("done");
            } catch (Exception failure) {
                System.out.println("failed: " + String.valueOf(failure).replace('\n', ' '));
            }
        }
    }
}
