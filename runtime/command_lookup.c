/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/command_lookup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/own.h"
#include "runtime/executable.h"

#define SCRIPT_DEPTH_MAX 5 /* the kernel's own limit on scripts that interpret scripts */

static const char default_path[] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/* 0 when path is a regular file we may execute, else the errno that says why not. */
static int executable_errno(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return errno;
	if (S_ISDIR(st.st_mode))
		return EISDIR;
	if (!S_ISREG(st.st_mode))
		return EACCES;
	return faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) < 0 ? errno : 0;
}

/*
 * The file's first bytes. A file that may be executed but not read tells us nothing, and that is
 * no error. It is opened only after it was seen to be regular, and without blocking, because the
 * container may have put a FIFO there since.
 */
static void read_head(const char *path, struct executable *out)
{
	own_fd int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	unsigned char head[EXECUTABLE_HEAD];
	struct stat st;
	ssize_t n = 0;

	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		n = io_read_full(fd, head, sizeof(head));
	executable_parse(head, n > 0 ? (size_t)n : 0, out);
}

/* As runc says it, from which engines make their exit status: "no such file or directory". */
static const char *reason(int code, char text[100])
{
	snprintf(text, 100, "%s", strerror(code));
	if (text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'a' && text[1] <= 'z')
		text[0] |= 0x20;
	return text;
}

/* Does everything exist that the kernel needs besides the file itself? */
static int check_interpreters(const char *name, const char *path, struct err *err)
{
	char text[100];
	char current[PATH_MAX];

	snprintf(current, sizeof(current), "%s", path);
	for (int depth = 0; depth < SCRIPT_DEPTH_MAX; depth++) {
		struct executable x;
		int code;

		read_head(current, &x);
		if (!x.interpreter[0])
			return 0;
		code = executable_errno(x.interpreter);
		if (code == ENOENT || code == ENOTDIR)
			return err_set(err, E_COMMAND_NOT_FOUND,
				x.kind == EXECUTABLE_SCRIPT
					? "exec: \"%s\": interpreter \"%s\" of its #! line: no such file or directory"
					: "exec: \"%s\": ELF loader \"%s\": no such file or directory "
					  "(is it built for another C library?)",
				name, x.interpreter);
		if (code)
			return err_set(err, E_COMMAND_NOT_EXECUTABLE, "exec: \"%s\": %s \"%s\": %s",
				name, x.kind == EXECUTABLE_SCRIPT ? "interpreter" : "ELF loader",
				x.interpreter, reason(code, text));
		if (x.kind == EXECUTABLE_ELF)
			return 0;
		snprintf(current, sizeof(current), "%s", x.interpreter);
	}
	return 0; /* the kernel answers ELOOP */
}

/* The error for a name that was given with its directory. */
static int refused(const char *name, int code, struct err *err)
{
	char text[100];

	if (code == ENOENT || code == ENOTDIR)
		return err_set(err, E_COMMAND_NOT_FOUND, "exec: \"%s\": stat %s: %s", name, name,
			reason(code, text));
	if (code == EISDIR)
		return err_set(err, E_COMMAND_NOT_EXECUTABLE, "exec: \"%s\": is a directory", name);
	return err_set(err, E_COMMAND_NOT_EXECUTABLE, "exec: \"%s\": permission denied", name);
}

/* Look through the directories; *denied says that a file of that name may not be executed. */
static bool search(const char *name, const char *dirs, char path[PATH_MAX], bool *denied)
{
	for (;;) {
		size_t n = strcspn(dirs, ":");
		int len = snprintf(path, PATH_MAX, "%.*s%s%s", (int)n, dirs, n ? "/" : "./", name);
		int code = len < PATH_MAX ? executable_errno(path) : ENAMETOOLONG;

		if (code == 0)
			return true;
		if (code == EACCES)
			*denied = true;
		if (!dirs[n])
			return false;
		dirs += n + 1;
	}
}

int command_lookup(const char *name, const char *search_path, char path[PATH_MAX], struct err *err)
{
	bool denied = false;
	int code;

	if (!*name)
		return err_set(err, E_COMMAND_NOT_FOUND, "exec: \"\": the command is empty");
	if (strchr(name, '/')) {
		if (strlen(name) >= PATH_MAX)
			return refused(name, ENOENT, err);
		memcpy(path, name, strlen(name) + 1);
		code = executable_errno(path);
		return code ? refused(name, code, err) : check_interpreters(name, path, err);
	}
	if (search(name, search_path ? search_path : default_path, path, &denied))
		return check_interpreters(name, path, err);
	if (denied)
		return refused(name, EACCES, err);
	return err_set(
		err, E_COMMAND_NOT_FOUND, "exec: \"%s\": executable file not found in $PATH", name);
}

int command_failed(const char *path, int code, struct err *err)
{
	bool missing = code == ENOENT || code == ENOTDIR;
	char text[100];

	return err_set(err, missing ? E_COMMAND_NOT_FOUND : E_COMMAND_NOT_EXECUTABLE,
		"exec: \"%s\": %s%s", path, reason(code, text),
		code == ENOEXEC ? " (neither an ELF for this machine nor a script with a #! line)"
				: "");
}
