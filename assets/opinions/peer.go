// One end of a TLS connection, as Go's crypto/tls makes it; opinion/ runs it. The protocol is peer.py's.
// crypto/tls takes no revocation list, so "crl" is not looked at.
package main

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"
)

const patience = 8 * time.Second

var status int

func say(kind string, words string) {
	status = 0
	if kind == "refused" || kind == "unusable" {
		status = 1
	}
	fmt.Printf("%s\t%s\n", kind, strings.Join(strings.Split(strings.TrimSpace(words), "\n"), " · "))
}

func configOf(job map[string]string) (*tls.Config, error) {
	pool := x509.NewCertPool()
	if job["trust"] != "" {
		text, err := os.ReadFile(job["trust"])
		if err != nil {
			return nil, err
		}
		pool.AppendCertsFromPEM(text)
	}
	config := &tls.Config{ServerName: job["name"], RootCAs: pool, ClientCAs: pool, ClientAuth: tls.RequireAndVerifyClientCert}
	if job["at"] != "" {
		config.Time = func() time.Time { return at(job) }
	}
	if job["name"] == "" {
		// Only the name is left out: the chain is judged as ever.
		config.InsecureSkipVerify = true
		config.VerifyConnection = func(state tls.ConnectionState) error {
			if job["role"] == "server" {
				return nil
			}
			return judge(state.PeerCertificates, pool, job, x509.ExtKeyUsageServerAuth)
		}
	}
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

func at(job map[string]string) time.Time {
	seconds, err := strconv.ParseInt(job["at"], 10, 64)
	if err != nil {
		return time.Now()
	}
	return time.Unix(seconds, 0)
}

func judge(chain []*x509.Certificate, roots *x509.CertPool, job map[string]string, usage x509.ExtKeyUsage) error {
	intermediates := x509.NewCertPool()
	for _, certificate := range chain[1:] {
		intermediates.AddCert(certificate)
	}
	_, err := chain[0].Verify(x509.VerifyOptions{
		Roots: roots, Intermediates: intermediates, CurrentTime: at(job), DNSName: job["name"], KeyUsages: []x509.ExtKeyUsage{usage},
	})
	return err
}

// Every certificate that was sent must parse, as in a handshake.
func judgeFile(job map[string]string, config *tls.Config) {
	text, err := os.ReadFile(job["chain"])
	if err != nil {
		say("unusable", err.Error())
		return
	}
	var chain []*x509.Certificate
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			say("refused", err.Error())
			return
		}
		chain = append(chain, certificate)
	}
	usage := x509.ExtKeyUsageServerAuth
	if job["purpose"] == "client" {
		usage = x509.ExtKeyUsageClientAuth
	}
	if len(chain) == 0 {
		say("unusable", "no certificate")
	} else if err := judge(chain, config.RootCAs, job, usage); err != nil {
		say("refused", err.Error())
	} else {
		say("answered", "")
	}
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
	if len(os.Args) > 1 {
		do(os.Args[1:])
		os.Exit(status)
	}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		do(strings.Split(lines.Text(), "\t"))
	}
}

func do(parts []string) {
	job := map[string]string{}
	for _, part := range parts {
		key, value, _ := strings.Cut(part, "=")
		job[key] = value
	}
	config, err := configOf(job)
	switch {
	case err != nil:
		say("unusable", err.Error())
	case job["role"] == "server":
		serve(config)
	case job["role"] == "chain":
		judgeFile(job, config)
	default:
		dial(job["port"], config)
	}
}
