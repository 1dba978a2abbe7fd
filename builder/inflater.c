/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/inflater.h"

#include <fcntl.h>
#include <unistd.h>

#include "lib/own.h"

int inflater_start(int in, struct inflater *f, struct err *err)
{
	static const char *const argv[] = {"kist-build-probe", "--inflate", NULL};
	struct spawn sp = {.argv = argv, .flags = SPAWN_DIE_WITH_PARENT};
	own_fd int their_in = -1, our_in = -1, their_out = -1, our_out = -1;
	int ends[2];

	if (in < 0) {
		if (pipe2(ends, O_CLOEXEC) < 0)
			return err_errno(err, "cannot make a pipe");
		their_in = ends[0];
		our_in = ends[1];
	}
	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_errno(err, "cannot make a pipe");
	our_out = ends[0];
	their_out = ends[1];
	spawn_pass(&sp, in < 0 ? their_in : in, 0);
	spawn_pass(&sp, their_out, 1);
	if (spawn_start(&sp, &f->child, err) < 0)
		return -err->code;
	f->in = give_fd(our_in);
	f->out = give_fd(our_out);
	return 0;
}

int inflater_finish(struct inflater *f, struct err *err)
{
	int status;

	own_fd_release(&f->in);
	own_fd_release(&f->out);
	f->in = f->out = -1;
	if (child_wait(&f->child, &status, err) < 0)
		return -err->code;
	return status ? err_set(err, E_SYNTAX, "it is no whole bzip2 or xz stream") : 0;
}
