/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/apparmor.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/own.h"
#include "lib/spawn.h"
#include "runtime/mount_api.h"
#include "spec/apparmor.h"

#define PROFILE_MAX  1024
#define PROFILES_MAX (4u << 20) /* of the list of all that are loaded */

static bool is_none(const char *profile)
{
	return !profile || !*profile || strcmp(profile, "unconfined") == 0;
}

static bool enabled(void)
{
	own_fd int fd = open(APPARMOR_ENABLED, O_RDONLY | O_CLOEXEC);
	char answer = 'N';

	return fd >= 0 && read(fd, &answer, 1) == 1 && answer == 'Y';
}

/*
 * A file of /proc/thread-self/attr. It must be procfs's own: a file mounted over it, or another
 * file system in place of /proc, would swallow the profile (CVE-2019-16884).
 */
static int open_attribute(const char *name, struct err *err)
{
	struct open_how how = {.flags = O_WRONLY | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS};
	own_fd int proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	char path[64];
	int fd;

	if (proc < 0)
		return err_errno(err, "cannot open /proc");
	if (mount_fs_type(proc) != PROC_SUPER_MAGIC)
		return err_set(
			err, E_DENIED, "/proc is not procfs: no AppArmor profile can be set");
	snprintf(path, sizeof(path), "thread-self/attr/apparmor/%s", name);
	fd = (int)syscall(SYS_openat2, proc, path, &how, sizeof(how));
	/* before Linux 5.8 AppArmor had no directory of its own */
	if (fd < 0 && errno == ENOENT) {
		snprintf(path, sizeof(path), "thread-self/attr/%s", name);
		fd = (int)syscall(SYS_openat2, proc, path, &how, sizeof(how));
	}
	return fd < 0 ? err_errno(err, "cannot open /proc/%s", path) : fd;
}

static int tell(int fd, const char *verb, const char *profile, struct err *err)
{
	char text[PROFILE_MAX + 32];
	int n = snprintf(text, sizeof(text), "%s %s", verb, profile);

	if (write(fd, text, (size_t)n) == n)
		return 0;
	if (errno == ENOENT)
		return err_set(err, E_UNSUPPORTED,
			"AppArmor profile '%s' is not loaded (apparmor_parser -r FILE loads it)",
			profile);
	if (errno == EACCES || errno == EPERM)
		return err_set(err, E_DENIED,
			"AppArmor does not let us change to profile '%s' (kist-runtime runs under a "
			"profile itself: see /proc/self/attr/current)",
			profile);
	return err_errno(err, "cannot change to AppArmor profile '%s'", profile);
}

/* kist's own profile, from memory to the parser's stdin. */
static int load_default(struct err *err)
{
	static const char *const argv[] = {"apparmor_parser", "--skip-cache", "--replace", NULL};
	struct spawn parser = {.path = APPARMOR_PARSER, .argv = argv};
	own_fd int text = io_memory_file(
		APPARMOR_DEFAULT, apparmor_default_profile, strlen(apparmor_default_profile), err);

	if (text < 0)
		return err_wrap(err, "AppArmor profile '%s'", APPARMOR_DEFAULT);
	spawn_pass(&parser, text, 0);
	spawn_pass(&parser, -1, 1);
	if (spawn_run(&parser, err) < 0)
		return err_wrap(err,
			"cannot load AppArmor profile '%s' (\"unconfined\" goes without)",
			APPARMOR_DEFAULT);
	return 0;
}

/*
 * The kernel lets a profile keep the children of the one that it replaces, and so the marks of
 * other versions: they go, that each version sees when another's rules are in force. One that does
 * not go is told to nobody: the profile itself is right.
 */
static void forget_other_marks(void)
{
	static const char marks[] = APPARMOR_DEFAULT "//text-";
	own_fd int removal = open(APPARMOR_REMOVE, O_WRONLY | O_CLOEXEC);
	own_buf struct buf text = {0};
	struct err ignored;
	char *rest = NULL;

	if (removal < 0 ||
		io_read_file(AT_FDCWD, APPARMOR_LOADED, PROFILES_MAX, &text, &ignored) < 0 ||
		!text.len)
		return;
	for (char *line = strtok_r(text.data, "\n", &rest); line;
		line = strtok_r(NULL, "\n", &rest)) {
		line[strcspn(line, " ")] = '\0';
		if (strncmp(line, marks, strlen(marks)) == 0 &&
			strcmp(line, APPARMOR_DEFAULT "//" APPARMOR_DEFAULT_MARK) != 0 &&
			/* one name a write, and each at the beginning */
			pwrite(removal, line, strlen(line), 0) < 0)
			return;
	}
}

static int provide_default(struct err *err)
{
	own_fd int current = open_attribute("current", err);

	if (current < 0)
		return -err->code;
	/* a trial that changes nothing; any other refusal is told when the profile is applied */
	if (tell(current, "permprofile", APPARMOR_DEFAULT "//" APPARMOR_DEFAULT_MARK, err) ==
		-E_UNSUPPORTED) {
		if (load_default(err) < 0)
			return -err->code;
		forget_other_marks();
	}
	return 0;
}

int apparmor_check(const char *profile, struct err *err)
{
	if (is_none(profile))
		return 0;
	if (strlen(profile) > PROFILE_MAX || profile[strcspn(profile, "\n")])
		return err_set(err, E_SYNTAX, "process.apparmorProfile is no name of a profile");
	if (!enabled())
		return err_set(err, E_UNSUPPORTED,
			"AppArmor profile '%s' is asked for, but AppArmor is not enabled on this "
			"host (\"unconfined\" goes without)",
			profile);
	return strcmp(profile, APPARMOR_DEFAULT) == 0 ? provide_default(err) : 0;
}

int apparmor_open(const char *profile, int *fd, struct err *err)
{
	own_fd int current = -1, exec = -1;

	*fd = -1;
	if (is_none(profile))
		return 0;
	current = open_attribute("current", err);
	if (current < 0)
		return -err->code;
	/* a trial that changes nothing */
	if (tell(current, "permprofile", profile, err) < 0)
		return -err->code;
	exec = open_attribute("exec", err);
	if (exec < 0)
		return -err->code;
	*fd = give_fd(exec);
	return 0;
}

int apparmor_apply(int fd, const char *profile, struct err *err)
{
	return is_none(profile) ? 0 : tell(fd, "exec", profile, err);
}
