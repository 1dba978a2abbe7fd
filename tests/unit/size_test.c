/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/size.h"

#include "lib/own.h"
#include "tests/unit/unit.h"

static void sizes(void)
{
	static const struct {
		int64_t bytes;
		int digits;
		const char *text;
	} table[] = {{0, 3, "0B"}, {999, 3, "999B"}, {1000, 3, "1kB"}, {4450000, 3, "4.45MB"},
		{7798000, 4, "7.798MB"}, {123456789, 3, "123MB"}, {1500000000, 4, "1.5GB"},
		{3490290, 4, "3.49MB"}, {1048576, 4, "1.049MB"}, {95110490, 4, "95.11MB"},
		{INT64_MAX, 4, "9.223EB"}};
	char text[SIZE_TEXT_MAX];

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		size_decimal(table[i].bytes, table[i].digits, text);
		UNIT_STRING(text, table[i].text);
	}
	size_binary(2097152000, text);
	UNIT_STRING(text, "1.953GiB");
	size_binary(512, text);
	UNIT_STRING(text, "512B");
}

UNIT_TESTS(size) = {
	{"sizes are decimal, memory is binary", sizes},
};
UNIT_COUNT(size)
