// Echo with gorilla/websocket: messages of any size, permessage-deflate if the client offers it.
package main

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
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
	log.Fatal(http.Serve(listener, http.HandlerFunc(echo)))
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
