/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/cli/keys_flag.h"

#include "lib/detach_keys.h"

int keys_flag(const char *value, void *field, struct err *err)
{
	struct detach_keys keys;

	if (detach_keys_parse(value, &keys, err) < 0)
		return -err->code;
	*(const char **)field = value;
	return 0;
}
