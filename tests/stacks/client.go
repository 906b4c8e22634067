// Makes one connection and says in one line how it ended. Arguments: port, name, chain or "none", key, CA file, flags.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"strings"
	"time"
)

func attempt() error {
	config := &tls.Config{ServerName: os.Args[2]}
	if os.Args[3] != "none" {
		pair, err := tls.LoadX509KeyPair(os.Args[3], os.Args[4])
		if err != nil {
			return err
		}
		config.Certificates = []tls.Certificate{pair}
	}
	pem, _ := os.ReadFile(os.Args[5])
	config.RootCAs = x509.NewCertPool()
	config.RootCAs.AppendCertsFromPEM(pem)
	if strings.Contains(os.Args[6], "tls1.2") {
		config.MaxVersion = tls.VersionTLS12
	}
	if strings.Contains(os.Args[6], "chacha") {
		config.MaxVersion = tls.VersionTLS12
		config.CipherSuites = []uint16{tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256}
	}
	if strings.Contains(os.Args[6], "h2") {
		config.NextProtos = []string{"h2"}
	}
	connection, err := tls.Dial("tcp", "127.0.0.1:"+os.Args[1], config)
	if err != nil {
		return err
	}
	defer connection.Close()
	connection.SetDeadline(time.Now().Add(4 * time.Second))
	connection.Write([]byte("GET / HTTP/1.0\r\n\r\n"))
	// The late alert of TLS 1.3 is seen on the first read.
	_, err = connection.Read(make([]byte, 512))
	return err
}

func main() {
	if err := attempt(); err != nil {
		fmt.Println("REFUSED", strings.ReplaceAll(err.Error(), "\n", " "))
	} else {
		fmt.Println("ACCEPTED")
	}
}
