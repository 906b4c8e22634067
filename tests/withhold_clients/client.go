// Connects with a client certificate, once per line of standard input: port, version, certificate file, key file, root file.
package main

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"strings"
	"time"
)

func attempt(words []string) error {
	pair, err := tls.LoadX509KeyPair(words[2], words[3])
	if err != nil {
		return err
	}
	pem, err := os.ReadFile(words[4])
	if err != nil {
		return err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	version := uint16(tls.VersionTLS13)
	if words[1] == "1.2" {
		version = tls.VersionTLS12
	}
	config := &tls.Config{Certificates: []tls.Certificate{pair}, RootCAs: roots, ServerName: "localhost",
		MinVersion: version, MaxVersion: version}
	connection, err := tls.Dial("tcp", "127.0.0.1:"+words[0], config)
	if err != nil {
		return err
	}
	defer connection.Close()
	connection.SetDeadline(time.Now().Add(4 * time.Second))
	if _, err := connection.Write([]byte("GET / HTTP/1.0\r\n\r\n")); err != nil {
		return err
	}
	_, err = connection.Read(make([]byte, 512))
	return err
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		if err := attempt(strings.Fields(lines.Text())); err != nil {
			fmt.Println("failed:", strings.ReplaceAll(err.Error(), "\n", " "))
		} else {
			fmt.Println("done")
		}
	}
}
