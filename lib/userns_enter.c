/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/lock.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "lib/path.h"
#include "lib/place.h"
#include "lib/spawn.h"
#include "lib/subid.h"
#include "lib/userns.h"
#include "lib/userns_private.h"

#define PASSWD_MAX (4u << 20)

/* ---- what forbids user namespaces ---- */

static long number_in(const char *path)
{
	own_buf struct buf text = {0};

	if (io_read_file(AT_FDCWD, path, 64, &text, &(struct err){0}) < 0)
		return -1;
	return strtol(buf_str(&text), NULL, 10);
}

/* errno says that it was refused; the settings say by whom. */
static int refused(struct err *err)
{
	static const char *const apparmor =
		"/proc/sys/kernel/apparmor_restrict_unprivileged_userns";
	int code = errno;

	if (number_in("/proc/sys/kernel/unprivileged_userns_clone") == 0)
		return err_set(err, E_DENIED,
			"without root a user namespace is needed, and "
			"/proc/sys/kernel/unprivileged_userns_clone is 0 (sysctl "
			"kernel.unprivileged_userns_clone=1)");
	if (code == ENOSPC || code == EUSERS)
		return err_set(err, E_DENIED,
			"without root a user namespace is needed, and there are as many as "
			"/proc/sys/user/max_user_namespaces allows: %ld",
			number_in("/proc/sys/user/max_user_namespaces"));
	if ((code == EPERM || code == EACCES) && number_in(apparmor) > 0)
		return err_set(err, E_DENIED,
			"without root a user namespace is needed, and AppArmor forbids it: %s is 1",
			apparmor);
	errno = code;
	err_errno(err, "without root a user namespace is needed, and cannot be made");
	err->code = E_DENIED;
	return -E_DENIED;
}

/* ---- a new one ---- */

/* A process in a new user namespace that does nothing but keep it. Returns its pid. */
static pid_t make_keeper(struct err *err)
{
	pid_t pid = (pid_t)syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);

	if (pid < 0)
		return refused(err);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
	return pid;
}

static void end_keeper(const pid_t *pid)
{
	if (*pid <= 0)
		return;
	kill(*pid, SIGKILL);
	while (waitpid(*pid, NULL, 0) < 0 && errno == EINTR)
		;
}

static int run_mapper(const char *program, pid_t pid, const struct subid_ranges *ranges,
	uint32_t own, struct err *err)
{
	own_strv struct strv words = {0};
	struct spawn sp = {0};

	strv_add(&words, program);
	strv_addf(&words, "%d", (int)pid);
	subid_add_words(ranges, own, &words);
	sp.argv = (const char *const *)words.items;
	spawn_pass(&sp, -1, 0);
	spawn_pass(&sp, STDERR_FILENO, 1);
	return spawn_run(&sp, err);
}

static int write_proc(pid_t pid, const char *name, const char *text, struct err *err)
{
	own_mem char *path = xasprintf("/proc/%d/%s", (int)pid, name);
	own_fd int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		return refused(err);
	return 0;
}

static int map_own_id(pid_t pid, struct err *err)
{
	own_mem char *uids = xasprintf("0 %u 1", (unsigned)geteuid());
	own_mem char *gids = xasprintf("0 %u 1", (unsigned)getegid());

	if (write_proc(pid, "setgroups", "deny", err) < 0 ||
		write_proc(pid, "uid_map", uids, err) < 0)
		return -err->code;
	return write_proc(pid, "gid_map", gids, err);
}

/* By /etc/passwd, else as the session says: newuidmap looks it up again. The caller frees it. */
static char *user_name(void)
{
	own_buf struct buf text = {0};
	const char *said = getenv("USER");
	char *name = NULL;

	if (io_read_file(AT_FDCWD, "/etc/passwd", PASSWD_MAX, &text, &(struct err){0}) == 0)
		name = subid_name(buf_str(&text), text.len, geteuid());
	return name || !said || !*said ? name : xstrdup(said);
}

/* The user's ranges. Returns 1, or 0 and why there is nothing to map. */
static int find_ranges(struct subid_ranges *uids, struct subid_ranges *gids, struct err *why)
{
	static const char *const helpers[] = {"newuidmap", "newgidmap"};
	own_mem char *name = user_name();
	const struct subid_owner by_uid = {name, geteuid(), geteuid()};
	const struct subid_owner by_gid = {name, geteuid(), getegid()};

	if (subid_read("/etc/subuid", &by_uid, uids, why) < 0 ||
		subid_read("/etc/subgid", &by_gid, gids, why) < 0)
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(helpers); i++) {
		own_mem char *path = NULL;

		if (program_find(helpers[i], &path, &(struct err){0}) < 0) {
			err_set(why, ENOENT, "'%s' is not installed (Debian: apt install uidmap)",
				helpers[i]);
			return 0;
		}
	}
	if (uids->count && gids->count)
		return 1;
	err_set(why, ENOENT,
		"%s has no range for user '%s' (usermod --add-subuids 100000-165535 "
		"--add-subgids 100000-165535 %s)",
		uids->count ? "/etc/subgid" : "/etc/subuid", name ? name : "without a name",
		name ? name : "NAME");
	return 0;
}

/* Returns a descriptor of the namespace that the keeper is in. */
static int open_namespace(pid_t pid, struct err *err)
{
	own_mem char *path = xasprintf("/proc/%d/ns/user", (int)pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? err_errno(err, "cannot open the new user namespace") : fd;
}

/* With the user's ranges. Returns a descriptor, or a failure that leaves the own id to try. */
static int make_wide(struct err *why)
{
	own(end_keeper) pid_t pid = -1;
	struct subid_ranges uids, gids;

	if (!find_ranges(&uids, &gids, why))
		return -why->code;
	pid = make_keeper(why);
	if (pid < 0)
		return (int)pid;
	if (run_mapper("newuidmap", pid, &uids, geteuid(), why) < 0 ||
		run_mapper("newgidmap", pid, &gids, getegid(), why) < 0)
		return -why->code;
	return open_namespace(pid, why);
}

static int make_namespace(struct buf *notice, struct err *err)
{
	own(end_keeper) pid_t pid = -1;
	struct err why = {0};
	int fd = make_wide(&why);

	if (fd >= 0 || why.code == E_DENIED) {
		*err = why;
		return fd;
	}
	pid = make_keeper(err);
	if (pid < 0 || map_own_id(pid, err) < 0)
		return -err->code;
	buf_addf(notice, "there is one id to give, so all files of an image get one owner: %s",
		why.msg);
	return open_namespace(pid, err);
}

/* ---- one that is there ---- */

static bool same_file(int a, int b)
{
	struct stat x, y;

	return fstat(a, &x) == 0 && fstat(b, &y) == 0 && x.st_ino == y.st_ino &&
		x.st_dev == y.st_dev;
}

/* The namespace of a process, when it is one of ours: this user's, made from where we are. */
static int open_ours(pid_t pid)
{
	own_mem char *path = xasprintf("/proc/%d/ns/user", (int)pid);
	own_fd int fd = open(path, O_RDONLY | O_CLOEXEC), parent = -1, here = -1;
	uid_t owner;

	if (fd < 0 || ioctl(fd, NS_GET_OWNER_UID, &owner) < 0 || owner != geteuid())
		return -1;
	parent = ioctl(fd, NS_GET_PARENT);
	here = open("/proc/self/ns/user", O_RDONLY | O_CLOEXEC);
	return parent >= 0 && here >= 0 && same_file(parent, here) ? give_fd(fd) : -1;
}

static int join_live(const struct buf *live)
{
	int fd = -1;

	for (const char *line = buf_str(live); *line && fd < 0; line = strchr(line, '\n') + 1)
		fd = open_ours((pid_t)strtol(line, NULL, 10));
	return fd;
}

/* ---- going in ---- */

static int set_environment(const struct place *place, struct err *err)
{
	if (setenv("KIST_ROOT", place->root, 1) < 0 || setenv("KIST_RUN", place->run, 1) < 0 ||
		setenv(USERNS_ENTERED, "1", 1) < 0)
		return err_errno(err, "cannot set the environment");
	return 0;
}

static int go_in(int fd, struct err *err)
{
	if (setns(fd, CLONE_NEWUSER) < 0)
		return refused(err);
	/* what is mounted outside later comes in, nothing goes out */
	if (unshare(CLONE_NEWNS) < 0)
		return refused(err);
	if (mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) < 0)
		return err_errno(err, "cannot have mounts of our own");
	/* new rights have made our files in /proc the host's root's, whom we do not know any more
	 */
	if (prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) < 0)
		return err_errno(err, "cannot have our files in /proc back");
	return 0;
}

int userns_enter(const char *root, const char *run, struct buf *notice, struct err *err)
{
	own_place struct place place = {0};
	own_fd int dir = -1, lock = -1, fd = -1;
	own_buf struct buf live = {0};

	if (geteuid() == 0)
		return 0;
	if (place_find(root, run, &place, err) < 0)
		return -err->code;
	dir = path_make_dirs(place.run, 0700, err);
	if (dir < 0)
		return err_wrap(err, "cannot open the run directory (--run or KIST_RUN moves it)");
	/* two who begin at once end up in one */
	lock = lock_file(dir, USERNS_LIST ".lock", 0, err);
	if (lock < 0 || userns_list_read(dir, &live, err) < 0)
		return -err->code;
	fd = join_live(&live);
	if (fd < 0) {
		buf_reset(&live);
		fd = make_namespace(notice, err);
	}
	if (fd < 0 || go_in(fd, err) < 0 || userns_list_write(dir, &live, getpid(), err) < 0)
		return -err->code;
	return set_environment(&place, err);
}
