// One end of a TLS connection, as Go's crypto/tls makes it; tests/rosetta.rs drives it. The protocol is peer.py's.
// crypto/tls takes no revocation list, so "crl" is not looked at.
package main

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"os"
	"runtime"
	"strings"
	"time"
)

const patience = 8 * time.Second

func say(kind string, words string) {
	fmt.Printf("%s\t%s\n", kind, strings.Join(strings.Split(strings.TrimSpace(words), "\n"), " · "))
}

func configOf(job map[string]string) (*tls.Config, error) {
	pool := x509.NewCertPool()
	pem, err := os.ReadFile(job["trust"])
	if err != nil {
		return nil, err
	}
	pool.AppendCertsFromPEM(pem)
	config := &tls.Config{ServerName: job["name"], RootCAs: pool, ClientCAs: pool, ClientAuth: tls.RequireAndVerifyClientCert}
	switch job["tls"] {
	case "1.2":
		config.MinVersion, config.MaxVersion = tls.VersionTLS12, tls.VersionTLS12
	case "1.3":
		config.MinVersion = tls.VersionTLS13
	}
	if job["alpn"] != "" {
		config.NextProtos = []string{job["alpn"]}
	}
	if job["cert"] != "" {
		pair, err := tls.LoadX509KeyPair(job["cert"], job["key"])
		if err != nil {
			return nil, err
		}
		config.Certificates = []tls.Certificate{pair}
	}
	return config, nil
}

func serve(config *tls.Config) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		say("refused", err.Error())
		return
	}
	defer listener.Close()
	listener.(*net.TCPListener).SetDeadline(time.Now().Add(patience))
	say("port", fmt.Sprint(listener.Addr().(*net.TCPAddr).Port))
	raw, err := listener.Accept()
	if err != nil {
		say("refused", err.Error())
		return
	}
	defer raw.Close()
	raw.SetDeadline(time.Now().Add(patience))
	stream := tls.Server(raw, config)
	buffer := make([]byte, 4096)
	if _, err := stream.Read(buffer); err != nil {
		say("refused", err.Error())
		return
	}
	stream.Write([]byte("HTTP/1.0 200 OK\r\n\r\nhello\n"))
	stream.Close()
	say("answered", "")
}

func dial(port string, config *tls.Config) {
	raw, err := net.DialTimeout("tcp", "127.0.0.1:"+port, patience)
	if err != nil {
		say("refused", err.Error())
		return
	}
	defer raw.Close()
	raw.SetDeadline(time.Now().Add(patience))
	stream := tls.Client(raw, config)
	if err := stream.Handshake(); err != nil {
		say("refused", err.Error())
		return
	}
	time.Sleep(100 * time.Millisecond)
	stream.Write([]byte("GET / HTTP/1.0\r\n\r\n")) // Why it failed is seen by the next read.
	buffer := make([]byte, 4096)
	count, err := stream.Read(buffer)
	status := strings.SplitN(string(buffer[:count]), "\r\n", 2)[0]
	switch {
	case strings.Contains(status, " 200 "):
		say("answered", "")
	case err != nil:
		say("refused", err.Error())
	default:
		say("refused", status)
	}
}

func main() {
	say("version", strings.TrimPrefix(runtime.Version(), "go"))
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		job := map[string]string{}
		for _, part := range strings.Split(lines.Text(), "\t") {
			key, value, _ := strings.Cut(part, "=")
			job[key] = value
		}
		config, err := configOf(job)
		if err != nil {
			say("unusable", err.Error())
		} else if job["role"] == "server" {
			serve(config)
		} else {
			dial(job["port"], config)
		}
	}
}
