/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/mode.h"

#include <stdlib.h>
#include <string.h>

#define ALL_BITS 07777u

static int invalid(const char *text, struct err *err)
{
	return err_set(err, E_SYNTAX,
		"invalid chmod parameter: '%s'. it should be octal string and between 0 and 07777, or "
		"symbolic",
		text);
}

/* The users before the operator, as a mask of their bits with set-id and sticky. */
static mode_t read_users(const char **p)
{
	mode_t users = 0;

	for (;; (*p)++) {
		if (**p == 'u')
			users |= 04700;
		else if (**p == 'g')
			users |= 02070;
		else if (**p == 'o')
			users |= 01007;
		else if (**p == 'a')
			users |= 07777;
		else
			return users ? users : 07777;
	}
}

/* The permissions behind the operator, for all users. */
static mode_t read_permissions(const char **p, mode_t mode, bool directory)
{
	mode_t bits = 0;

	for (;; (*p)++) {
		switch (**p) {
		case 'r':
			bits |= 0444;
			break;
		case 'w':
			bits |= 0222;
			break;
		case 'x':
			bits |= 0111;
			break;
		case 'X':
			bits |= directory || (mode & 0111) ? 0111 : 0;
			break;
		case 's':
			bits |= 06000;
			break;
		case 't':
			bits |= 01000;
			break;
		default:
			return bits;
		}
	}
}

static int apply_symbolic(
	const char *text, mode_t mode, bool directory, mode_t *result, struct err *err)
{
	const char *p = text;

	for (;;) {
		mode_t users = read_users(&p), bits;

		if (!*p || !strchr("+-=", *p))
			return invalid(text, err);
		while (*p && strchr("+-=", *p)) {
			char op = *p++;

			bits = read_permissions(&p, mode, directory) & users;
			if (op == '=') /* directories keep their set-id bits, as chmod(1) has it */
				mode = (mode & ~(users & (directory ? 01777 : 07777))) | bits;
			else
				mode = op == '+' ? mode | bits : mode & ~bits;
		}
		if (!*p) {
			*result = mode;
			return 0;
		}
		if (*p++ != ',')
			return invalid(text, err);
	}
}

int mode_apply(const char *text, mode_t mode, bool directory, mode_t *result, struct err *err)
{
	char *end;
	unsigned long octal;

	if (!strchr("01234567", *text) || !*text)
		return apply_symbolic(text, mode & ALL_BITS, directory, result, err);
	octal = strtoul(text, &end, 8);
	if (*end || octal > ALL_BITS)
		return invalid(text, err);
	*result = (mode_t)octal;
	return 0;
}
