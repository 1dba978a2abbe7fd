/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/mount_options.h"

#include <string.h>
#include <sys/mount.h>

#include "lib/own.h"

/* Attributes of a mount: each word also exists with an "r" in front, for the whole tree. */
static const struct {
	const char *word;
	uint64_t set, clear;
} attributes[] = {
	{"ro", MOUNT_ATTR_RDONLY, 0},
	{"rw", 0, MOUNT_ATTR_RDONLY},
	{"nosuid", MOUNT_ATTR_NOSUID, 0},
	{"suid", 0, MOUNT_ATTR_NOSUID},
	{"nodev", MOUNT_ATTR_NODEV, 0},
	{"dev", 0, MOUNT_ATTR_NODEV},
	{"noexec", MOUNT_ATTR_NOEXEC, 0},
	{"exec", 0, MOUNT_ATTR_NOEXEC},
	{"nodiratime", MOUNT_ATTR_NODIRATIME, 0},
	{"diratime", 0, MOUNT_ATTR_NODIRATIME},
	{"nosymfollow", MOUNT_ATTR_NOSYMFOLLOW, 0},
	{"symfollow", 0, MOUNT_ATTR_NOSYMFOLLOW},
	/* the access times are one field of three values: it is cleared, then set */
	{"relatime", MOUNT_ATTR_RELATIME, MOUNT_ATTR__ATIME},
	{"norelatime", MOUNT_ATTR_STRICTATIME, MOUNT_ATTR__ATIME},
	{"noatime", MOUNT_ATTR_NOATIME, MOUNT_ATTR__ATIME},
	{"atime", MOUNT_ATTR_RELATIME, MOUNT_ATTR__ATIME},
	{"strictatime", MOUNT_ATTR_STRICTATIME, MOUNT_ATTR__ATIME},
	{"nostrictatime", MOUNT_ATTR_RELATIME, MOUNT_ATTR__ATIME},
};

static const struct {
	const char *word;
	uint64_t type;
} propagations[] = {
	{"private", MS_PRIVATE},
	{"shared", MS_SHARED},
	{"slave", MS_SLAVE},
	{"unbindable", MS_UNBINDABLE},
};

/* Words that change nothing in how we mount. */
static const char *const silent[] = {
	"defaults", "loud", "silent", "async", "nomand", "mand", "noiversion"};

uint64_t mount_propagation(const char *word, bool *recursive)
{
	for (size_t i = 0; i < ARRAY_LEN(propagations); i++) {
		bool r = word[0] == 'r' && strcmp(word + 1, propagations[i].word) == 0;

		if (r || strcmp(word, propagations[i].word) == 0) {
			*recursive = r;
			return propagations[i].type;
		}
	}
	return 0;
}

/* A later word wins over an earlier one: "rw" takes back what "ro" set. */
static void apply(uint64_t *set, uint64_t *clear, size_t i)
{
	*set = (*set & ~attributes[i].clear) | attributes[i].set;
	*clear = (*clear & ~attributes[i].set) | attributes[i].clear;
}

static bool parse_attribute(const char *word, struct mount_options *out)
{
	for (size_t i = 0; i < ARRAY_LEN(attributes); i++) {
		if (strcmp(word, attributes[i].word) == 0) {
			apply(&out->set, &out->clear, i);
			return true;
		}
		if (word[0] == 'r' && strcmp(word + 1, attributes[i].word) == 0) {
			apply(&out->recursive_set, &out->recursive_clear, i);
			return true;
		}
	}
	return false;
}

static bool parse_flag(const char *word, struct mount_options *out)
{
	const struct {
		const char *word;
		bool *flag, *also;
	} flags[] = {
		{"bind", &out->bind, NULL},
		{"rbind", &out->bind, &out->recursive},
		{"remount", &out->remount, NULL},
		{"tmpcopyup", &out->copy_up, NULL},
		{"idmap", &out->idmap, NULL},
		{"ridmap", &out->idmap, &out->idmap_recursive},
	};

	for (size_t i = 0; i < ARRAY_LEN(flags); i++) {
		if (strcmp(word, flags[i].word) != 0)
			continue;
		*flags[i].flag = true;
		if (flags[i].also)
			*flags[i].also = true;
		return true;
	}
	for (size_t i = 0; i < ARRAY_LEN(silent); i++)
		if (strcmp(word, silent[i]) == 0)
			return true;
	return false;
}

int mount_options_parse(const struct strings *options, struct mount_options *out, struct err *err)
{
	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < options->count; i++) {
		const char *word = options->items[i];
		bool recursive;
		uint64_t propagation = mount_propagation(word, &recursive);

		if (propagation) {
			out->propagation = propagation;
			out->propagation_recursive = recursive;
		} else if (!parse_attribute(word, out) && !parse_flag(word, out)) {
			if (out->ndata == MOUNT_OPTIONS_MAX)
				return err_set(err, E_LIMIT, "more than %d mount options",
					MOUNT_OPTIONS_MAX);
			out->data[out->ndata++] = word;
		}
	}
	return 0;
}
