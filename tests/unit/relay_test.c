/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/relay.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "tests/unit/unit.h"

#define MANY 3000000u

static void make_pair(int ends[2], bool sockets)
{
	CU_ASSERT_FATAL((sockets ? socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends)
				 : pipe2(ends, O_CLOEXEC)) == 0);
}

/* A file of many bytes, which are not all the same, at its beginning. */
static int make_file(char **content)
{
	int fd = memfd_create("relay", MFD_CLOEXEC);

	*content = xmalloc(MANY);
	for (size_t i = 0; i < MANY; i++)
		(*content)[i] = (char)(i * 2654435761u >> 24);
	CU_ASSERT_FATAL(fd >= 0 && io_write_full(fd, *content, MANY) == 0);
	CU_ASSERT_FATAL(lseek(fd, 0, SEEK_SET) == 0);
	return fd;
}

/* Turn until it is done, or waits for something; reads what comes at "out" meanwhile. */
static void turn(struct relay *r, int out, struct buf *got)
{
	for (int idle = 0; idle < 2;) {
		struct pollfd p[RELAY_FDS + 1];
		char data[50000];
		ssize_t n;

		relay_poll(r, p);
		p[RELAY_FDS] = (struct pollfd){.fd = out, .events = POLLIN};
		if (poll(p, out >= 0 ? RELAY_FDS + 1 : RELAY_FDS, 20) <= 0)
			return;
		relay_step(r, p);
		if (out < 0) {
			idle = relay_done(r) ? 2 : 0;
			continue;
		}
		n = p[RELAY_FDS].revents ? read(out, data, sizeof(data)) : -1;
		if (n > 0)
			buf_add(got, data, (size_t)n);
		idle = relay_done(r) && n <= 0 ? idle + 1 : 0;
	}
}

static void whole_streams(void)
{
	enum { FILE_TO_PIPE, PIPE_TO_SOCKET, SOCKET_TO_PIPE, WAYS };

	for (int way = 0; way < WAYS; way++) {
		own_buf struct buf got = {0};
		own_mem char *content = NULL;
		own_fd int file = make_file(&content);
		int near[2], far[2];
		struct err err = {0};
		struct relay_end from, to;
		struct relay r;

		make_pair(far, way == PIPE_TO_SOCKET);
		make_pair(near, way == SOCKET_TO_PIPE);
		UNIT_OK(relay_source(&from, way == FILE_TO_PIPE ? file : near[0], &err), &err);
		relay_sink(&to, far[1]);
		relay_start(&r, from, to);
		if (way == FILE_TO_PIPE) {
			close(near[1]);
			turn(&r, far[0], &got);
			CU_ASSERT(got.len == MANY && memcmp(got.data, content, MANY) == 0);
		} else {
			CU_ASSERT(write(near[1], content, 40000) == 40000);
			turn(&r, far[0], &got);
			CU_ASSERT(!relay_done(&r));
			close(near[1]);
			turn(&r, far[0], &got);
			CU_ASSERT(got.len == 40000 && memcmp(got.data, content, 40000) == 0);
		}
		CU_ASSERT(relay_done(&r) && r.error == 0);
		relay_release(&r);
		close(near[0]);
		close(far[0]);
		close(far[1]);
	}
}

static void slow_reader(void)
{
	own_buf struct buf got = {0};
	own_mem char *content = NULL;
	own_fd int file = make_file(&content);
	struct relay_end from;
	struct err err = {0};
	struct relay r;
	int far[2];

	make_pair(far, false);
	UNIT_OK(relay_source(&from, file, &err), &err);
	relay_start(&r, from, relay_own(far[1]));
	/* nobody reads: it waits, and is not done */
	for (int i = 0; i < 100; i++) {
		struct pollfd p[RELAY_FDS];

		relay_poll(&r, p);
		if (poll(p, RELAY_FDS, 0) <= 0)
			break;
		relay_step(&r, p);
	}
	CU_ASSERT(!relay_done(&r));
	turn(&r, far[0], &got);
	CU_ASSERT(got.len == MANY && memcmp(got.data, content, MANY) == 0);
	relay_release(&r);
	close(far[0]);
}

static void reader_goes(void)
{
	struct relay_end from;
	struct err err = {0};
	struct relay r;
	int near[2], far[2];

	signal(SIGPIPE, SIG_IGN);
	make_pair(near, false);
	make_pair(far, false);
	UNIT_OK(relay_source(&from, near[0], &err), &err);
	relay_start(&r, from, relay_own(far[1]));
	close(near[0]);
	close(far[0]);
	CU_ASSERT(write(near[1], "x", 1) == 1);
	turn(&r, -1, NULL);
	CU_ASSERT(relay_done(&r) && r.error == -EPIPE);
	/* and so does whoever writes to it find out */
	CU_ASSERT(write(near[1], "x", 1) < 0 && errno == EPIPE);
	relay_release(&r);
	close(near[1]);
}

/* A grandchild holds the pipe: what its parent has written is the end. */
static void drains(void)
{
	for (int files = 0; files < 2; files++) {
		own_buf struct buf got = {0};
		struct relay_end to;
		struct relay r;
		int near[2], far[2];

		make_pair(near, false);
		make_pair(far, false);
		relay_sink(&to, far[1]);
		if (files)
			to.kind = RELAY_DEVICE; /* as to one that splice() is not for */
		relay_start(&r, relay_own(near[0]), to);
		CU_ASSERT(write(near[1], "last words", 10) == 10);
		relay_drain(&r);
		CU_ASSERT(write(near[1], "and more", 8) == 8);
		turn(&r, far[0], &got);
		CU_ASSERT(relay_done(&r));
		UNIT_STRING(buf_str(&got), "last words");
		relay_release(&r);
		close(near[1]);
		close(far[0]);
		close(far[1]);
	}
}

static void flags_of_others(void)
{
	own_fd int dir = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct relay_end end;
	struct err err = {0};
	int ends[2];

	make_pair(ends, false);
	UNIT_OK(relay_source(&end, ends[0], &err), &err);
	CU_ASSERT(end.fd != ends[0] && end.ours);
	CU_ASSERT(!(fcntl(ends[0], F_GETFL) & O_NONBLOCK));
	CU_ASSERT_EQUAL(relay_read(&end, &(char){0}, 1), -EAGAIN);
	relay_close(&end);
	relay_sink(&end, ends[1]);
	CU_ASSERT(!(fcntl(ends[1], F_GETFL) & O_NONBLOCK));
	relay_close(&end);
	CU_ASSERT_EQUAL(relay_source(&end, dir, &err), -EISDIR);
	close(ends[0]);
	close(ends[1]);
	/* one that is closed is the end, not an error */
	UNIT_OK(relay_source(&end, ends[0], &err), &err);
	CU_ASSERT(end.fd < 0);
}

UNIT_TESTS(relay) = {
	{"files, pipes and sockets are copied whole", whole_streams},
	{"a slow reader holds it back and loses nothing", slow_reader},
	{"when nobody reads, nobody may write", reader_goes},
	{"a drained pipe ends with what is in it", drains},
	{"others' descriptors keep their flags; a directory is refused", flags_of_others},
};
UNIT_COUNT(relay)
