/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/mem.h"
#include "lib/own.h"
#include "tests/unit/unit.h"

/* In a child: what a confined program can still do. Returns the number of the first surprise. */
static int try_everything(const char *inside, const char *outside)
{
	own_strv struct strv writable = {0};
	own_mem char *in = xasprintf("%s/file", inside), *out = xasprintf("%s/file", outside);
	struct err err;
	int fd;

	strv_add(&writable, inside);
	if (confine_enter(CONFINE_PUSH, &writable, &err) < 0)
		return 1;
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return 2;
	fd = open(in, O_WRONLY | O_CREAT, 0600);
	if (fd < 0 || unlink(in) < 0)
		return 3;
	if (open(out, O_WRONLY | O_CREAT, 0600) >= 0 || errno != EACCES)
		return 4;
	if (open(outside, O_RDONLY | O_DIRECTORY) < 0)
		return 5;
	execl("/bin/true", "true", NULL);
	return errno == ENOSYS ? 0 : 6; /* by the filter, before Landlock is asked */
}

static void confined(void)
{
	char inside[] = "/tmp/kist-unit-XXXXXX", outside[] = "/tmp/kist-unit-XXXXXX";
	int status;
	pid_t pid;

	/* without Landlock there is nothing to see */
	if (syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) < 1)
		return;
	CU_ASSERT_FATAL(mkdtemp(inside) && mkdtemp(outside));
	fflush(stdout);
	pid = fork();
	if (pid == 0)
		_exit(try_everything(inside, outside));
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	CU_ASSERT_TRUE(WIFEXITED(status));
	CU_ASSERT_EQUAL(WEXITSTATUS(status), 0);
	rmdir(inside);
	rmdir(outside);
}

static void missing(void)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		own_strv struct strv writable = {0};
		struct err err;

		strv_add(&writable, "/nonexistent/directory");
		_exit(confine_enter(CONFINE_PUSH, &writable, &err) == -ENOENT ? 0 : 1);
	}
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	if (syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) >= 1)
		CU_ASSERT_EQUAL(status, 0);
}

static void add_capabilities(uint64_t set, struct buf *row)
{
	static const struct {
		int number;
		const char *name;
	} names[] = {{CAP_CHOWN, "CHOWN"}, {CAP_DAC_OVERRIDE, "DAC_OVERRIDE"},
		{CAP_DAC_READ_SEARCH, "DAC_READ_SEARCH"}, {CAP_FOWNER, "FOWNER"},
		{CAP_FSETID, "FSETID"}, {CAP_SETPCAP, "SETPCAP"}, {CAP_SYS_CHROOT, "SYS_CHROOT"},
		{CAP_SYS_ADMIN, "SYS_ADMIN"}, {CAP_MKNOD, "MKNOD"}, {CAP_SETFCAP, "SETFCAP"}};
	size_t before = row->len;

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (!(set & UINT64_C(1) << names[i].number))
			continue;
		buf_addf(row, "%s%s", row->len == before ? "" : ", ", names[i].name);
		set &= ~(UINT64_C(1) << names[i].number);
	}
	CU_ASSERT_EQUAL(set, 0); /* one without a name here */
	if (row->len == before)
		buf_adds(row, "none");
}

static void add_calls(unsigned groups, struct buf *row)
{
	static const struct {
		unsigned group;
		const char *words;
	} names[] = {{CONFINE_CALLS_STREAM, "read and write what is open, memory, exit"},
		{CONFINE_CALLS_FILES, "open, make, change and remove files"},
		{CONFINE_CALLS_READ, "open and look at files"},
		{CONFINE_CALLS_THREADS, "threads that run"},
		{CONFINE_CALLS_NO_KERNEL, "all but those of the kernel and other processes"},
		{CONFINE_CALLS_NO_MOUNTS, "nor mounts, namespaces, programs"},
		{CONFINE_CALLS_SPLICE, "move what is open from one to another"}};
	size_t before = row->len;

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (groups & names[i].group)
			buf_addf(row, "%s%s", row->len == before ? "" : "; ", names[i].words);
}

/* How many rows the table has that begins with this. */
static size_t rows_below(const char *text, const char *header)
{
	const char *line = strstr(text, header);
	size_t n = 0;

	for (; line && *line == '|'; line = strchr(line, '\n') + 1)
		n++;
	return n < 2 ? 0 : n - 2; /* the header and the line beneath it */
}

/* The rows of docs/security.md are these, and no others. */
static void documented(void)
{
	static const char *const files[] = {"any", "written beneath its directories alone",
		"read beneath its directories alone", "beneath its directory alone"};
	size_t len;
	own_mem char *text = unit_read_file("docs/security.md", &len);

	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	for (size_t i = 0; i < CONFINE_PROGRAMS; i++) {
		const struct confine_policy *p = &confine_policies[i];
		own_buf struct buf row = {0};

		CU_ASSERT_PTR_NOT_NULL_FATAL(p->program);
		buf_addf(&row, "| %s | ", p->program);
		add_capabilities(p->capabilities, &row);
		buf_addf(&row, " | %s | ", files[p->files]);
		add_calls(p->calls, &row);
		buf_addf(&row, " | %s |\n", p->starts_programs ? "as far as these" : "never");
		if (!strstr(text, buf_str(&row)))
			UNIT_STRING("a row of docs/security.md", buf_str(&row));
	}
	CU_ASSERT_EQUAL(rows_below(text, "| program | capabilities it keeps"), CONFINE_PROGRAMS);
}

UNIT_TESTS(confine) = {
	{"docs/security.md says what the policies say", documented},
	{"a confined program writes in its directories only and executes nothing", confined},
	{"a directory that is not there is an error, not silence", missing},
};
UNIT_COUNT(confine)
