// Echo with gorilla/websocket: messages of any size, permessage-deflate if the client offers it.
//
// With the files of a certificate and its key as arguments it speaks TLS, by crypto/tls.
package main

import (
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"sync"

	"github.com/gorilla/websocket"
)

var upgrader = websocket.Upgrader{
	// Pool of shared write buffers. A connection holds one only while it writes a message.
	WriteBufferPool:   &sync.Pool{},
	WriteBufferSize:   64 << 10,
	EnableCompression: true,
	CheckOrigin:       func(*http.Request) bool { return true },
}

func main() {
	// Go sets TCP_NODELAY by default.
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("listening on %s\n", listener.Addr())
	if len(os.Args) != 3 {
		log.Fatal(http.Serve(listener, http.HandlerFunc(echo)))
	}
	server := http.Server{
		Handler: http.HandlerFunc(echo),
		// No HTTP/2, which this library cannot upgrade.
		TLSNextProto: map[string]func(*http.Server, *tls.Conn, http.Handler){},
	}
	log.Fatal(server.ServeTLS(listener, os.Args[1], os.Args[2]))
}

// Copies each message from the reader to the writer, so that no message is held as a whole.
func echo(w http.ResponseWriter, r *http.Request) {
	connection, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer connection.Close()
	for {
		kind, reader, err := connection.NextReader()
		if err != nil {
			return
		}
		writer, err := connection.NextWriter(kind)
		if err != nil {
			return
		}
		if _, err := io.Copy(writer, reader); err != nil {
			return
		}
		if err := writer.Close(); err != nil {
			return
		}
	}
}
