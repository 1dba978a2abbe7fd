/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/duration.h"

#include <stdbool.h>
#include <string.h>

#include "lib/own.h"

static const struct {
	const char *name;
	uint64_t nanoseconds;
} units[] = {
	{"ns", 1},
	{"us", 1000},
	{"\xc2\xb5s", 1000},
	{"\xce\xbcs", 1000},
	{"ms", 1000000},
	{"s", 1000000000},
	{"m", 60000000000},
	{"h", 3600000000000},
};

static int invalid(const char *text, struct err *err)
{
	return err_set(err, E_SYNTAX, "time: invalid duration \"%s\"", text);
}

static uint64_t unit_scale(const char *text, size_t len)
{
	for (size_t i = 0; i < ARRAY_LEN(units); i++)
		if (strlen(units[i].name) == len && memcmp(units[i].name, text, len) == 0)
			return units[i].nanoseconds;
	return 0;
}

/*
 * "1.000001": the part before the point, and the one behind it as a whole number with its power of
 * ten; digits that no longer fit do not count. Returns where it ends, or NULL when it is no number
 * or too large a one.
 */
static const char *read_decimal(const char *p, uint64_t *whole, uint64_t *part, double *power)
{
	const char *start = p;
	bool point = false, full = false;
	size_t digits = 0;

	*whole = *part = 0;
	*power = 1;
	for (; (*p >= '0' && *p <= '9') || (*p == '.' && !point); p++) {
		unsigned digit = (unsigned)(*p - '0');

		if (*p == '.') {
			point = true;
			continue;
		}
		digits++;
		if (!point) {
			if (*whole > ((uint64_t)INT64_MAX - digit) / 10)
				return NULL;
			*whole = *whole * 10 + digit;
		} else if (!full && *part <= ((uint64_t)INT64_MAX - digit) / 10) {
			*part = *part * 10 + digit;
			*power *= 10;
		} else {
			full = true;
		}
	}
	return p > start && digits ? p : NULL;
}

/* As Go does it: only what is below one unit is rounded. */
int duration_parse(const char *text, int64_t *nanoseconds, struct err *err)
{
	const char *p = text + (*text == '-' || *text == '+');
	uint64_t total = 0, whole, part, scale;
	double power;

	if (strcmp(p, "0") == 0) {
		*nanoseconds = 0;
		return 0;
	}
	if (!*p)
		return invalid(text, err);
	while (*p) {
		const char *name = read_decimal(p, &whole, &part, &power);
		size_t len;

		if (!name || *name == '.')
			return invalid(text, err);
		len = strcspn(name, "0123456789.");
		if (!len)
			return err_set(
				err, E_SYNTAX, "time: missing unit in duration \"%s\"", text);
		scale = unit_scale(name, len);
		if (scale == 0)
			return err_set(err, E_SYNTAX,
				"time: unknown unit \"%.*s\" in duration \"%s\"", (int)len, name,
				text);
		if (whole > (uint64_t)INT64_MAX / scale)
			return invalid(text, err);
		whole = whole * scale + (uint64_t)((double)part * ((double)scale / power));
		if (whole > (uint64_t)INT64_MAX - total)
			return invalid(text, err);
		total += whole;
		p = name + len;
	}
	*nanoseconds = *text == '-' ? -(int64_t)total : (int64_t)total;
	return 0;
}

/* A number of units, with the part below one as a fraction without trailing zeros. */
static void add_fraction(struct buf *out, int64_t n, int64_t unit, const char *name)
{
	char digits[12];
	size_t len = 0, last = 0; /* last: behind the last digit that is not 0 */

	buf_addf(out, "%lld", (long long)(n / unit));
	if (n % unit) {
		for (; unit > 1; unit /= 10) {
			digits[len] = (char)('0' + n % unit / (unit / 10));
			if (digits[len++] != '0')
				last = len;
		}
		buf_addc(out, '.');
		buf_add(out, digits, last);
	}
	buf_adds(out, name);
}

void duration_format(int64_t n, struct buf *out)
{
	const int64_t second = 1000000000;

	if (n < 0) {
		buf_addc(out, '-');
		n = -n;
	}
	if (n && n < 1000) {
		add_fraction(out, n, 1, "ns");
	} else if (n && n < 1000000) {
		add_fraction(out, n, 1000, "\xc2\xb5s");
	} else if (n && n < second) {
		add_fraction(out, n, 1000000, "ms");
	} else {
		if (n >= 3600 * second)
			buf_addf(out, "%lldh", (long long)(n / (3600 * second)));
		if (n >= 60 * second)
			buf_addf(out, "%lldm", (long long)(n / (60 * second) % 60));
		add_fraction(out, n % (60 * second), second, "s");
	}
}
