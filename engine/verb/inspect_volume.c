/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/inspect.h"

struct json *inspect_volume(struct engine *e, const struct volume *v)
{
	struct arena *a = &e->arena;
	struct json *d = json_new_object(a), *labels = json_new_object(a);

	for (size_t i = 0; i < v->labels.count; i++)
		json_set_string(a, labels, v->labels.items[i].key, v->labels.items[i].value);
	json_set_string(a, d, "CreatedAt", v->created);
	json_set_string(a, d, "Driver", "local");
	json_set(a, d, "Labels", v->labels.count ? labels : json_new_null(a));
	json_set_string(a, d, "Mountpoint", v->path);
	json_set_string(a, d, "Name", v->name);
	json_set(a, d, "Options", json_new_null(a));
	json_set_string(a, d, "Scope", "local");
	return d;
}
