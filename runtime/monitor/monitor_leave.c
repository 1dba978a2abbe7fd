/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/own.h"
#include "runtime/monitor/monitor.h"
#include "spec/ready_line.h"

#define WARNINGS_FILE "monitor.log" /* in the run directory, as for one that was detached */

/* Its terminal, pipes and files stay open nowhere with us; what we warn of has a file. */
static void let_go(struct monitor *m)
{
	own_fd int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	own_fd int log = openat(
		m->run_dir, WARNINGS_FILE, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	if (null >= 0) {
		dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
	}
	if (log >= 0 || null >= 0)
		dup2(log >= 0 ? log : null, STDERR_FILENO);
}

void monitor_leave(struct monitor *m, const char *why)
{
	struct monitor_run *run = &m->run;
	own_buf struct buf line = {0};
	struct err err = {0};

	if (m->opt->detach || m->left)
		return;
	m->left = true;
	for (size_t i = 0; i < ARRAY_LEN(run->streams); i++)
		stream_leave(&run->streams[i]);
	input_leave(&run->input);
	let_go(m);
	/* who started it may be a service, whose end is not the container's any more */
	if (monitor_leave_service(&err) < 0)
		log_warn("%s", err.msg);
	if (m->ready < 0)
		return;
	if (why) {
		ready_line_write_left(why, &line);
		io_write_full(m->ready, line.data, line.len);
	}
	close(m->ready);
	m->ready = -1;
}

void monitor_check_streams(struct monitor *m)
{
	for (size_t i = 0; i < ARRAY_LEN(m->run.streams); i++) {
		struct stream *s = &m->run.streams[i];
		int error = -s->broken;

		s->broken = 0;
		if (error == EPIPE || error == ECONNRESET || error == EIO)
			monitor_leave(m, READY_LEFT_UNREAD);
		else if (error)
			log_warn("the container's %s is not copied any more, but to its log: %s",
				s->line.stream, strerror(error));
	}
}
