/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/seccomp.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/own.h"

static const struct {
	const char *name;
	unsigned flag;
} flags[] = {
	{"SECCOMP_FILTER_FLAG_TSYNC", 0}, /* there is one thread only */
	{"SECCOMP_FILTER_FLAG_LOG", SECCOMP_FILTER_FLAG_LOG},
	{"SECCOMP_FILTER_FLAG_SPEC_ALLOW", SECCOMP_FILTER_FLAG_SPEC_ALLOW},
	/* it only matters for a listener: SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV */
	{"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", 0},
};

static int parse_flags(const struct seccomp_config *config, unsigned *out, struct err *err)
{
	*out = 0;
	for (size_t i = 0; i < config->flags.count; i++) {
		size_t k = 0;

		while (k < ARRAY_LEN(flags) && strcmp(flags[k].name, config->flags.items[i]) != 0)
			k++;
		if (k == ARRAY_LEN(flags))
			return err_set(err, E_UNSUPPORTED, "linux.seccomp.flags: '%s' is unknown",
				config->flags.items[i]);
		*out |= flags[k].flag;
	}
	return 0;
}

static int compile_to_memory(
	struct seccomp_filter *f, const struct seccomp_config *config, struct err *err)
{
	own_fd int fd = memfd_create("seccomp", MFD_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return err_errno(err, "cannot make room for the seccomp filter");
	if (seccomp_compile(config, fd, err) < 0)
		return -err->code;
	if (fstat(fd, &st) < 0)
		return err_errno(err, "cannot read the seccomp filter");
	f->map_size = (size_t)st.st_size;
	f->map = mmap(NULL, f->map_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (f->map == MAP_FAILED) {
		f->map = NULL;
		return err_errno(err, "cannot read the seccomp filter");
	}
	f->program = f->map;
	f->count = (unsigned short)(f->map_size / sizeof(struct sock_filter));
	return 0;
}

static bool notifies(const struct seccomp_config *config)
{
	bool yes = strcmp(config->default_action, "SCMP_ACT_NOTIFY") == 0;

	for (size_t i = 0; i < config->syscalls.count; i++)
		yes |= strcmp(config->syscalls.items[i].action, "SCMP_ACT_NOTIFY") == 0;
	return yes;
}

int seccomp_prepare(
	struct seccomp_filter *f, int rootdir, const struct seccomp_config *config, struct err *err)
{
	struct err ignored;
	own_buf struct buf key = {0};

	memset(f, 0, sizeof(*f));
	f->notify = notifies(config);
	if (f->notify || (config->listener_path && *config->listener_path))
		return err_set(err, E_UNSUPPORTED,
			"linux.seccomp: SCMP_ACT_NOTIFY and a listener are "
			"not supported yet");
	if (parse_flags(config, &f->flags, err) < 0)
		return -err->code;
	seccomp_key(config, &key);
	if (seccomp_cache_read(f, rootdir, &key) == 0)
		return 0;
	if (compile_to_memory(f, config, err) < 0)
		return -err->code;
	/* a full disk or a strange umask only means that the next start compiles again */
	seccomp_cache_write(rootdir, &key, f, &ignored);
	return 0;
}

int filter_load(const struct seccomp_filter *f, struct err *err)
{
	struct sock_fprog program = {.len = f->count, .filter = (struct sock_filter *)f->program};

	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, f->flags, &program) < 0)
		return err_errno(
			err, "cannot load the seccomp filter of %u instructions", f->count);
	return 0;
}
