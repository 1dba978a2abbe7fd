/* SPDX-License-Identifier: Apache-2.0 */
#include "store/layer/layer_name.h"

#include <stdbool.h>
#include <string.h>

#include "store/layer/layer.h"

#define PREFIX_LEN (sizeof(LAYER_WHITEOUT_PREFIX) - 1)

int layer_name_clean(const char *name, char *out, struct err *err)
{
	const char *p = name;
	size_t len = 0;

	while (*p) {
		size_t n = strcspn(p, "/");

		if (n == 0 || (n == 1 && p[0] == '.')) {
			/* nothing */
		} else if (n == 2 && p[0] == '.' && p[1] == '.') {
			if (len == 0)
				return err_set(err, E_SYNTAX,
					"name '%.300s' leads out of the layer", name);
			while (len && out[len - 1] != '/')
				len--;
			len -= len > 0;
		} else {
			if (len + n + 1 > TAR_PATH_MAX)
				return err_set(err, E_LIMIT,
					"name of more than %d bytes: '%.100s...'", TAR_PATH_MAX,
					name);
			if (len)
				out[len++] = '/';
			memcpy(out + len, p, n);
			len += n;
		}
		p += n;
		p += *p == '/';
	}
	out[len] = '\0';
	return 0;
}

const char *layer_name_base(const char *clean, size_t *dir_len)
{
	const char *slash = strrchr(clean, '/');

	*dir_len = slash ? (size_t)(slash + 1 - clean) : 0;
	return clean + *dir_len;
}

static bool has_prefix(const char *component)
{
	return strncmp(component, LAYER_WHITEOUT_PREFIX, PREFIX_LEN) == 0;
}

static int invalid(const char *clean, struct err *err)
{
	return err_set(err, E_SYNTAX, "invalid whiteout name '%.300s'", clean);
}

int layer_name_kind(
	const char *clean, enum layer_name_kind *kind, const char **target, struct err *err)
{
	size_t dir_len;
	const char *base = layer_name_base(clean, &dir_len);
	bool metadata = has_prefix(clean) && has_prefix(clean + PREFIX_LEN);

	*kind = LAYER_NAME_PLAIN;
	*target = NULL;
	if (strcmp(base, LAYER_WHITEOUT_OPAQUE) == 0) {
		*kind = LAYER_NAME_OPAQUE;
	} else if (metadata) {
		*kind = LAYER_NAME_METADATA;
		return 0;
	} else if (has_prefix(base)) {
		*kind = LAYER_NAME_WHITEOUT;
		*target = base + PREFIX_LEN;
		if (!**target || strcmp(*target, ".") == 0 || strcmp(*target, "..") == 0 ||
			has_prefix(*target))
			return invalid(clean, err);
	}
	for (const char *p = clean; p < base; p = strchr(p, '/') + 1)
		if (has_prefix(p))
			return invalid(clean, err);
	return 0;
}
