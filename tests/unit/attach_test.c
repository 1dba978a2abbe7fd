/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/attach_socket.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/own.h"
#include "tests/unit/unit.h"

static void reads_frames(void)
{
	static const unsigned char resize[] = {ATTACH_RESIZE, 1, 2, 0, 80};
	static const unsigned char data[] = {ATTACH_STDIN, 'h', 'i'};
	struct attach_frame f;
	struct err err = {0};

	UNIT_OK(attach_parse(resize, sizeof(resize), ATTACH_FROM_CLIENT, &f, &err), &err);
	CU_ASSERT(f.type == ATTACH_RESIZE && f.rows == 258 && f.columns == 80);
	UNIT_OK(attach_parse(data, sizeof(data), ATTACH_FROM_CLIENT, &f, &err), &err);
	CU_ASSERT(f.type == ATTACH_STDIN && f.len == 2 && memcmp(f.content, "hi", 2) == 0);
}

static void refuses_bad_frames(void)
{
	static const struct {
		const char *packet;
		size_t len;
		enum attach_side from;
	} bad[] = {
		{"", 0, ATTACH_FROM_CLIENT},
		{"\x0a", 1, ATTACH_FROM_CLIENT},
		{"\x09x", 2, ATTACH_FROM_CLIENT}, /* QUIET has no content */
		{"\x09", 1, ATTACH_FROM_MONITOR},
		{"\xff\x01", 2, ATTACH_FROM_MONITOR},
		{"\x01x", 2, ATTACH_FROM_CLIENT},  /* STDOUT from a client */
		{"\x00x", 2, ATTACH_FROM_MONITOR}, /* STDIN from the monitor */
		{"\x00", 1, ATTACH_FROM_CLIENT},   /* STDIN without bytes: EOF is its own frame */
		{"\x04\x01\x02\x03", 4, ATTACH_FROM_CLIENT},
		{"\x04\x01\x02\x03\x04\x05", 6, ATTACH_FROM_CLIENT},
		{"\x05x", 2, ATTACH_FROM_CLIENT},
		{"\x07", 1, ATTACH_FROM_MONITOR},
	};
	static unsigned char large[ATTACH_PACKET_MAX + 1];
	struct attach_frame f;
	struct err err;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		CU_ASSERT_EQUAL(
			attach_parse(bad[i].packet, bad[i].len, bad[i].from, &f, &err), -E_SYNTAX);
	CU_ASSERT_EQUAL(
		attach_parse(large, sizeof(large), ATTACH_FROM_CLIENT, &f, &err), -E_SYNTAX);
	CU_ASSERT_EQUAL(attach_parse(large, sizeof(large) - 1, ATTACH_FROM_CLIENT, &f, &err), 0);
}

static void never_blocks(void)
{
	static char block[ATTACH_CONTENT_MAX];
	int pair[2], r, sent = 0;

	CU_ASSERT_FATAL(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == 0);
	while ((r = attach_send(pair[0], ATTACH_STDOUT, block, sizeof(block))) == 0 && sent < 1000)
		sent++;
	CU_ASSERT_EQUAL(r, -EAGAIN);
	CU_ASSERT(sent > 0);
	close(pair[1]);
	r = attach_send(pair[0], ATTACH_STDOUT, block, 1);
	CU_ASSERT(r == -EPIPE || r == -ECONNRESET);
	close(pair[0]);
}

UNIT_TESTS(attach) = {
	{"frames are read", reads_frames},
	{"frames of the wrong side, length or kind are refused", refuses_bad_frames},
	{"sending never blocks and tells when the peer is gone", never_blocks},
};
UNIT_COUNT(attach)
