/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/size.h"

#include <stdio.h>

#include "lib/own.h"

static void scaled(double n, double step, const char *const *names, size_t count, int digits,
	char text[SIZE_TEXT_MAX])
{
	size_t i = 0;

	while (n >= step && i + 1 < count) {
		n /= step;
		i++;
	}
	snprintf(text, SIZE_TEXT_MAX, "%.*g%s", digits, n, names[i]);
}

void size_decimal(int64_t bytes, int digits, char text[SIZE_TEXT_MAX])
{
	static const char *const names[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};

	scaled((double)bytes, 1000, names, ARRAY_LEN(names), digits, text);
}

void size_binary(int64_t bytes, char text[SIZE_TEXT_MAX])
{
	static const char *const names[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

	scaled((double)bytes, 1024, names, ARRAY_LEN(names), 4, text);
}
