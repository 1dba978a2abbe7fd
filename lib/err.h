/* SPDX-License-Identifier: Apache-2.0 */
/* Errors: one value in the caller's frame, filled in by whoever failed and wrapped on the way up.
 */
#ifndef KIST_LIB_ERR_H
#define KIST_LIB_ERR_H

#include <stdarg.h>

#define ERR_MSG_MAX 500

struct err {
	int code; /* an errno value, or one of enum err_code */
	char msg[ERR_MSG_MAX];
};

/*
 * Functions that take "struct err *err" are always given one; only the err_*() of this header
 * accept NULL. A caller that does not care says so: struct err ignored.
 */

/* Project codes continue errno; they are stable, because they cross pipes between programs. */
enum err_code {
	E_USAGE = 1024,           /* the command line is wrong */
	E_SYNTAX,                 /* a document does not follow its format */
	E_LIMIT,                  /* something from outside exceeds a named limit */
	E_UNSUPPORTED,            /* understood, and not executed by this program or kernel */
	E_DIGEST_MISMATCH,        /* bytes do not have the digest they were asked for by */
	E_SIZE_MISMATCH,          /* bytes are more or fewer than their descriptor says */
	E_MANIFEST_UNKNOWN,       /* the registry has no such tag or manifest */
	E_NAME_UNKNOWN,           /* the registry has no such repository */
	E_BLOB_UNKNOWN,           /* no such blob */
	E_NOT_FOUND,              /* no such object (container, image, network, ...) */
	E_EXISTS,                 /* the name is taken */
	E_IN_USE,                 /* something else holds the object */
	E_DENIED,                 /* authentication or permission refused */
	E_NETWORK,                /* no connection, no name, connection lost */
	E_TLS,                    /* the peer's certificate or handshake was refused */
	E_TIMEOUT,                /* no progress within the time given */
	E_CHILD,                  /* another program failed; its message is in ours */
	E_COMMAND_NOT_FOUND,      /* the container's command (or its interpreter) is missing: 127 */
	E_COMMAND_NOT_EXECUTABLE, /* ... cannot be executed: 126 */
	E_NOT_RUNNING,            /* the container is not in the state the verb needs */
};

/*
 * Fill *err from a printf format. Control characters in the result are written as \xNN, so that a
 * name from outside never reaches a terminal raw. Returns -code. err may be NULL.
 */
int err_set(struct err *err, int code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
int err_vset(struct err *err, int code, const char *fmt, va_list ap)
	__attribute__((format(printf, 3, 0)));

/* As err_set() with code = errno and ": <text of errno>" behind the message. */
int err_errno(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Put "<context>: " in front of the message that is there. Returns -err->code. */
int err_wrap(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/*
 * Replace control characters (C0, DEL, C1, and those that turn the direction of text) in src by
 * \xNN for each byte. dst is always terminated.
 */
void err_escape(char *dst, unsigned long size, const char *src);

/*
 * The exit status of a program whose main() ends with this error: 1 failed, 2 usage, 3 not found,
 * 4 exists or in use, 5 denied, 126 and 127 for a container's command. 0 when code is 0.
 */
int err_status(const struct err *err);

/*
 * Print "prog: msg\n" to stderr and return err_status(err): the last line of every main().
 */
int err_report(const char *prog, const struct err *err);

#endif
