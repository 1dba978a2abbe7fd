/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The attach protocol: what travels over RUN-DIR/attach.sock between kist-monitor and whoever
 * wants to take part in a container's input and output.
 *
 * The socket is AF_UNIX, SOCK_SEQPACKET, mode 0600 in a directory of mode 0700. One packet is one
 * frame: a byte that says which, then its content, at most ATTACH_CONTENT_MAX bytes.
 *
 *   monitor -> client
 *     HELLO    1 byte of enum attach_features, the first frame
 *     STDOUT   bytes the container wrote; with a terminal everything comes here
 *     STDERR   bytes
 *     EXIT     1 byte: the container's exit status, after its last output; then the monitor closes
 *     ERROR    text for people; the connection goes on unless the monitor closes it
 *   client -> monitor
 *     STDIN    bytes for the container
 *     EOF      no content: closes the container's stdin (with a terminal: types Ctrl-D)
 *     RESIZE   2 bytes rows, 2 bytes columns, big endian
 *     DETACH   no content: the monitor closes without an EXIT frame
 *     QUIET    no content: of what follows only EXIT and ERROR are sent
 *
 * A client gets what is written from its HELLO on, no earlier output (that is in the log). Up to
 * ATTACH_CLIENTS_MAX may be there at once; input from several of them is taken frame by frame. A
 * client that does not read holds the container back once its socket is full, as a pipe would and
 * as docker does; it never loses bytes. Closing the connection releases the container. A frame
 * that breaks these rules ends the connection it came from and no other.
 *
 * Who wants all of a run that is yet to be started listens on a socket of its own in RUN-DIR, with
 * a name that ends in ATTACH_WAITING. A monitor that begins listens on ATTACH_SOCKET first, then
 * connects to each of these, takes the names away, and starts the container after that; from there
 * on such a connection is like any other. So who binds its name first and then tries ATTACH_SOCKET
 * misses nothing.
 */
#ifndef KIST_SPEC_ATTACH_H
#define KIST_SPEC_ATTACH_H

#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"

#define ATTACH_CONTENT_MAX (64u * 1024)
#define ATTACH_PACKET_MAX  (ATTACH_CONTENT_MAX + 1)
#define ATTACH_CLIENTS_MAX 16

enum attach_type {
	ATTACH_STDIN = 0,
	ATTACH_STDOUT = 1,
	ATTACH_STDERR = 2,
	ATTACH_EOF = 3,
	ATTACH_RESIZE = 4,
	ATTACH_DETACH = 5,
	ATTACH_HELLO = 6,
	ATTACH_EXIT = 7,
	ATTACH_ERROR = 8,
	ATTACH_QUIET = 9,
};

enum attach_features {
	ATTACH_HAS_TERMINAL = 1,
	ATTACH_HAS_STDIN = 2, /* STDIN and EOF frames reach the container */
};

struct attach_frame {
	enum attach_type type;
	const unsigned char *content; /* inside the packet */
	size_t len;
	uint16_t rows, columns; /* RESIZE */
	uint8_t value;          /* HELLO, EXIT */
};

enum attach_side { ATTACH_FROM_CLIENT, ATTACH_FROM_MONITOR };

/*
 * Read one packet that came from the given side; frame->content is borrowed from it. A frame that
 * this side may not send, or of a wrong length, is E_SYNTAX. Returns 0.
 */
int attach_parse(const void *packet, size_t len, enum attach_side from, struct attach_frame *frame,
	struct err *err);

#endif
