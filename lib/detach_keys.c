/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/detach_keys.h"

#include <string.h>

int detach_keys_parse(const char *value, void *field, struct err *err)
{
	struct detach_keys keys = {.given = true};
	const char *p = value;

	while (*p) {
		bool ctrl = strncmp(p, "ctrl-", 5) == 0 &&
			(p[5] == '@' || (p[5] >= '[' && p[5] <= 'z'));
		unsigned char c = ctrl ? (unsigned char)(p[5] & 0x1f) : (unsigned char)*p;

		p += ctrl ? 6 : 1;
		if ((*p && *p != ',') || keys.count == DETACH_KEYS_MAX)
			return err_set(err, E_USAGE, "invalid detach keys '%s'", value);
		keys.keys[keys.count++] = c;
		p += *p == ',';
	}
	*(struct detach_keys *)field = keys;
	return 0;
}

bool detach_keys_typed(
	struct detach_keys *keys, const unsigned char *data, size_t len, struct buf *out)
{
	for (size_t i = 0; i < len; i++) {
		if (keys->count && data[i] == keys->keys[keys->typed]) {
			if (++keys->typed == keys->count)
				return true;
			continue;
		}
		if (keys->typed) {
			/* it only began like them; this key may begin anew */
			buf_add(out, keys->keys, keys->typed);
			keys->typed = 0;
			i--;
			continue;
		}
		buf_add(out, &data[i], 1);
	}
	return false;
}
