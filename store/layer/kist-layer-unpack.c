/* SPDX-License-Identifier: Apache-2.0 */
/* kist-layer unpack: the only code that reads a layer's bytes, and it does so in a sandbox. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/confine.h"
#include "lib/io.h"
#include "lib/log.h"
#include "lib/own.h"
#include "lib/path.h"
#include "store/layer/layer_commands.h"
#include "store/layer/layer_input.h"
#include "store/layer/layer_root.h"
#include "store/layer/layer_unpack.h"

struct options {
	const char *expect;
	int whiteouts; /* enum layer_whiteouts */
	int dir_fd, info_fd, implied_fd;
	int64_t max_size, max_entries;
};

static int parse_whiteouts(const char *value, void *field, struct err *err)
{
	int *whiteouts = field;

	if (strcmp(value, "apply") == 0)
		*whiteouts = LAYER_WHITEOUTS_APPLY;
	else if (strcmp(value, "overlay") == 0)
		*whiteouts = LAYER_WHITEOUTS_OVERLAY;
	else
		return err_set(err, E_USAGE, "expected apply or overlay");
	return 0;
}

static const struct cli_option options[] = {
	OPT_STRING(struct options, expect, "expect", 0, "DIFF_ID",
		"fail unless the uncompressed layer has this digest"),
	OPT_VALUE(struct options, whiteouts, "whiteouts", 0, "MODE",
		"apply: remove what they name; overlay: keep them in overlayfs's form",
		parse_whiteouts),
	OPT_SIZE(struct options, max_size, "max-size", 0, "BYTES",
		"limit of the uncompressed layer"),
	OPT_INT(struct options, max_entries, "max-entries", 0, "N",
		"limit of the number of entries"),
	OPT_FD(struct options, dir_fd, "dir-fd", 0, "FD", "an open directory, in place of DIR"),
	OPT_FD(struct options, info_fd, "info-fd", 0, "FD",
		"one JSON line: the result, or the error with its code"),
	OPT_FD(struct options, implied_fd, "implied-fd", 0, "FD",
		"JSON lines: directories that were made without being named"),
};

static int check_digest(const struct options *o, const struct layer_result *result, struct err *err)
{
	if (!o->expect || strcmp(o->expect, result->diff_id.text) == 0)
		return 0;
	return err_set(err, E_DIGEST_MISMATCH, "the layer is %s, and not %s as expected",
		result->diff_id.text, o->expect);
}

/* No byte at all is a broken pipeline rather than a layer. */
static int check_empty(const struct options *o, const struct layer_result *result, struct err *err)
{
	if (result->size || o->expect)
		return 0;
	return err_set(err, E_SYNTAX, "the input is empty");
}

static int unpack_confined(
	int dir, const struct options *o, struct layer_result *result, struct err *err)
{
	struct layer_input *in = layer_input_new(0, (uint64_t)o->max_size);
	struct layer_unpack_target target = {
		.whiteouts = (enum layer_whiteouts)o->whiteouts,
		.implied_fd = o->implied_fd ? o->implied_fd : -1,
		.max_entries = (uint64_t)o->max_entries,
	};
	own_tar_reader struct tar_reader *tar = tar_reader_new(layer_input_stream(in));
	own_strv struct strv everything = {0};
	enum confine_program program = CONFINE_LAYER_UNPACK;
	struct layer_root root;
	const char *warning = NULL;
	int keep[2], nkeep = 0;

	if (o->info_fd)
		keep[nkeep++] = o->info_fd;
	if (o->implied_fd)
		keep[nkeep++] = o->implied_fd;
	strv_add(&everything, "/");
	if (layer_root_enter(dir, keep, nkeep, &root, err) < 0)
		return err_wrap(err, "cannot shut the worker in");
	if (o->whiteouts == LAYER_WHITEOUTS_OVERLAY && !root.user_xattrs)
		program = CONFINE_LAYER_UNPACK_OVERLAY;
	/* the thread that inflates is started between the halves: it has the same rights */
	if (confine_rights(program, &everything, err) < 0 || layer_input_start(in, err) < 0 ||
		confine_calls(program, err) < 0)
		return err_wrap(err, "cannot shut the worker in");
	target.root = root.fd;
	target.owners = root.owners;
	target.devices = root.devices;
	target.user_xattrs = root.user_xattrs;
	if (layer_unpack_entries(tar, &target, result, &warning, err) < 0)
		return -err->code;
	if (warning)
		log_warn("%s", warning);
	if (layer_input_finish(in, result, err) < 0 || check_empty(o, result, err) < 0)
		return -err->code;
	return check_digest(o, result, err);
}

static int report_error(int fd, const struct err *error)
{
	own_buf struct buf line = {0};

	layer_result_write(NULL, error, &line);
	return io_write_full(fd, line.data, line.len);
}

/* Everything from here on happens in the process that gives up its rights. */
static int work(int dir, const struct options *o, struct err *err)
{
	struct layer_result result = {0};
	struct rlimit files;

	umask(0);
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur =
			files.rlim_max; /* a level of directories under a whiteout needs one */
		setrlimit(RLIMIT_NOFILE, &files);
	}
	if (unpack_confined(dir, o, &result, err) < 0) {
		/* who asked for the result tells the error, too: once is enough */
		if (o->info_fd && report_error(o->info_fd, err) >= 0)
			return err_status(err);
		return -err->code;
	}
	if (layer_report_result(1, &result, err) < 0)
		return -err->code;
	return o->info_fd ? layer_report_result(o->info_fd, &result, err) : 0;
}

/* Wait for the worker and hand signals that would end us on to it: we have to clean up. */
static int supervise(pid_t worker, const sigset_t *signals)
{
	int status;

	for (;;) {
		int sig = sigwaitinfo(signals, NULL);

		if (sig == SIGCHLD && waitpid(worker, &status, WNOHANG) == worker)
			return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
		if (sig > 0 && sig != SIGCHLD)
			kill(worker, SIGKILL);
	}
}

/*
 * DIR is new: when the worker fails it must go again, and the worker cannot do that any more from
 * where it is. Returns the exit status; the worker has reported its error.
 */
static int work_on_fresh(const char *path, const struct options *o, struct err *err)
{
	own_fd int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	sigset_t signals, before;
	int status;
	pid_t pid;

	if (dir < 0)
		return err_errno(err, "cannot open '%s'", path);
	sigemptyset(&signals);
	sigaddset(&signals, SIGCHLD);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGHUP);
	sigprocmask(SIG_BLOCK, &signals, &before);
	pid = fork();
	if (pid < 0)
		return err_errno(err, "cannot start the worker");
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		sigprocmask(SIG_SETMASK, &before, NULL);
		status = work(dir, o, err);
		_exit(status < 0 ? err_report("kist-layer", err) : status);
	}
	status = supervise(pid, &signals);
	if (status == 0)
		return 0;
	if (path_remove_tree(AT_FDCWD, path, err) < 0)
		return err_wrap(err, "cannot clean up after a failure");
	return status;
}

static int run(const struct cli_call *call, struct err *err)
{
	const struct options *o = call->options;
	own_fd int dir = -1;
	struct digest digest;
	struct err why;

	if ((o->dir_fd != 0) == (call->nargs != 0))
		return err_set(err, E_USAGE, "give either DIR or --dir-fd");
	if (o->expect && digest_parse(o->expect, &digest, &why) < 0)
		return err_set(err, E_USAGE, "--expect: %s", why.msg);
	if (o->max_size < 0 || o->max_entries < 0)
		return err_set(err, E_USAGE, "limits cannot be negative");
	if (o->dir_fd)
		return work(o->dir_fd, o, err);
	if (mkdir(call->args[0], 0755) == 0)
		return work_on_fresh(call->args[0], o, err);
	dir = open(call->args[0], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return err_errno(err, "cannot open '%s'", call->args[0]);
	return work(dir, o, err);
}

const struct cli_command layer_unpack_command = {
	.name = "unpack",
	.synopsis = "[OPTIONS] DIR",
	.help = "unpack the layer on stdin (plain, gzip or zstd) into DIR",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct options),
	.min_args = 0,
	.max_args = 1,
	.run = run,
	.details =
		"DIR is made when it is missing, and then removed again when unpacking fails; in a DIR "
		"that was there, what was unpacked before a failure stays for the caller to remove.\n"
		"\n"
		"Before the first byte is read the program makes DIR its root, in namespaces without "
		"network, and drops every capability and system call that it does not need.\n"
		"\n"
		"Set-id bits, security.capability, user.* and POSIX ACLs are kept; trusted.*, "
		"user.overlay.* and the attributes of security modules are dropped. Attributes that the "
		"file system cannot hold are left out with a warning. Without root every file belongs to "
		"the caller and device nodes are skipped (\"skipped\" in the result counts them).",
};
