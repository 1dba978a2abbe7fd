/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/sync.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/unit/unit.h"

static int pair[2];

static void make_pair(void)
{
	CU_ASSERT_FATAL(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == 0);
}

static void messages(void)
{
	struct err err;
	int32_t pid = 0;

	make_pair();
	UNIT_OK(sync_send(pair[0], SYNC_HOOKS_DONE, 77, &err), &err);
	UNIT_OK(sync_expect(pair[1], NULL, SYNC_HOOKS_DONE, &pid, &err), &err);
	CU_ASSERT_EQUAL(pid, 77);
	UNIT_OK(sync_send(pair[0], SYNC_GO, 0, &err), &err);
	CU_ASSERT_EQUAL(sync_expect(pair[1], NULL, SYNC_READY, NULL, &err), -EPROTO);
	close(pair[0]);
	CU_ASSERT_EQUAL(sync_receive(pair[1], NULL, NULL, &err), -E_CHILD);
	close(pair[1]);
}

static void errors(void)
{
	struct err why, err;

	make_pair();
	CU_ASSERT(!sync_error_waits(pair[1], &err));
	err_set(&why, E_COMMAND_NOT_FOUND, "nothing there");
	sync_send_error(pair[0], &why);
	CU_ASSERT_EQUAL(sync_receive(pair[1], NULL, NULL, &err), -E_COMMAND_NOT_FOUND);
	UNIT_STRING(err.msg, "nothing there");
	sync_send_error(pair[0], &why);
	CU_ASSERT(sync_error_waits(pair[1], &err));
	close(pair[1]);
	CU_ASSERT_EQUAL(sync_send(pair[0], SYNC_GO, 0, &err), -E_CHILD);
	close(pair[0]);
}

UNIT_TESTS(sync) = {
	{"a message arrives as it was sent, and the end is seen", messages},
	{"an error crosses with its code and its words", errors},
};
UNIT_COUNT(sync)
