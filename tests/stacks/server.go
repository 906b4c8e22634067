// Serves one connection and says in one line how it ended. Arguments: port, chain, key, CA file, flags ("h2" offers only that protocol).
package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"strings"
	"time"
)

func main() {
	pair, err := tls.LoadX509KeyPair(os.Args[2], os.Args[3])
	if err != nil {
		fmt.Println("LISTENING")
		fmt.Println("REFUSED", err)
		return
	}
	pem, _ := os.ReadFile(os.Args[4])
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	config := &tls.Config{Certificates: []tls.Certificate{pair}, ClientCAs: roots, ClientAuth: tls.RequireAndVerifyClientCert}
	if strings.Contains(os.Args[5], "h2") {
		config.NextProtos = []string{"h2"}
	}
	if strings.Contains(os.Args[5], "only1.3") {
		config.MinVersion = tls.VersionTLS13
	}
	listener, err := tls.Listen("tcp", "127.0.0.1:"+os.Args[1], config)
	if err != nil {
		fmt.Println("REFUSED", err)
		return
	}
	fmt.Println("LISTENING")
	connection, err := listener.Accept()
	if err == nil {
		connection.SetDeadline(time.Now().Add(4 * time.Second))
		if err = connection.(*tls.Conn).Handshake(); err == nil {
			connection.Read(make([]byte, 512))
			connection.Write([]byte("HTTP/1.0 200 OK\r\n\r\nwelcome\n"))
			fmt.Println("ACCEPTED")
			connection.Close()
			return
		}
	}
	fmt.Println("REFUSED", strings.ReplaceAll(err.Error(), "\n", " "))
	connection.Close()
}
