/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/err.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/*
 * How many bytes at s are what a terminal or its reader obeys, and not shows: C0 and DEL; C1, which
 * arrives as C2 80..C2 9F; and the characters that turn the direction of the text around them,
 * U+202A..U+202E and U+2066..U+2069 (CVE-2021-42574).
 */
static int obeyed(const unsigned char *s)
{
	if (*s < 0x20 || *s == 0x7f)
		return 1;
	if (s[0] == 0xc2 && s[1] >= 0x80 && s[1] <= 0x9f)
		return 2;
	if (s[0] != 0xe2)
		return 0;
	return (s[1] == 0x80 && s[2] >= 0xaa && s[2] <= 0xae) ||
			(s[1] == 0x81 && s[2] >= 0xa6 && s[2] <= 0xa9)
		? 3
		: 0;
}

void err_escape(char *dst, unsigned long size, const char *src)
{
	const unsigned char *s = (const unsigned char *)src;
	unsigned long n = 0;
	int escape = 0;

	for (; *s; s++) {
		if (!escape)
			escape = obeyed(s);
		if (escape) {
			if (n + 5 > size)
				break;
			n += (unsigned long)snprintf(dst + n, size - n, "\\x%02x", *s);
			escape--;
			continue;
		}
		if (n + 2 > size)
			break;
		dst[n++] = (char)*s;
	}
	if (size)
		dst[n] = '\0';
}

int err_vset(struct err *err, int code, const char *fmt, va_list ap)
{
	char raw[ERR_MSG_MAX];

	if (!err)
		return -code;
	/* the format's arguments may point into err->msg: print aside first */
	vsnprintf(raw, sizeof(raw), fmt, ap);
	err_escape(err->msg, sizeof(err->msg), raw);
	err->code = code;
	return -code;
}

int err_set(struct err *err, int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	err_vset(err, code, fmt, ap);
	va_end(ap);
	return -code;
}

int err_errno(struct err *err, const char *fmt, ...)
{
	int code = errno ? errno : EIO;
	va_list ap;
	size_t n;

	if (!err)
		return -code;
	va_start(ap, fmt);
	err_vset(err, code, fmt, ap);
	va_end(ap);
	n = strlen(err->msg);
	snprintf(err->msg + n, sizeof(err->msg) - n, ": %s", strerror(code));
	return -code;
}

int err_wrap(struct err *err, const char *fmt, ...)
{
	char context[ERR_MSG_MAX], msg[ERR_MSG_MAX];
	va_list ap;
	size_t n;

	if (!err)
		return -EIO;
	va_start(ap, fmt);
	vsnprintf(context, sizeof(context), fmt, ap);
	va_end(ap);
	memcpy(msg, err->msg, sizeof(msg));
	err_escape(err->msg, sizeof(err->msg), context);
	n = strlen(err->msg);
	snprintf(err->msg + n, sizeof(err->msg) - n, ": %s", msg);
	return -err->code;
}

int err_status(const struct err *err)
{
	switch (err->code) {
	case 0:
		return 0;
	case E_USAGE:
		return 2;
	case ENOENT:
	case E_NOT_FOUND:
	case E_MANIFEST_UNKNOWN:
	case E_NAME_UNKNOWN:
	case E_BLOB_UNKNOWN:
		return 3;
	case EEXIST:
	case EBUSY:
	case E_EXISTS:
	case E_IN_USE:
		return 4;
	case EACCES:
	case EPERM:
	case E_DENIED:
		return 5;
	case E_COMMAND_NOT_EXECUTABLE:
		return 126;
	case E_COMMAND_NOT_FOUND:
		return 127;
	default:
		return 1;
	}
}

int err_report(const char *prog, const struct err *err)
{
	fprintf(stderr, "%s: %s\n", prog, err->msg);
	return err_status(err);
}
