/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/cli/mount_flag.h"

#include <string.h>

#include "lib/own.h"
#include "tests/unit/unit.h"

typedef int parser(const char *, struct mount_requests *, struct arena *, struct err *);

struct expected {
	enum mount_kind kind;
	const char *source, *destination;
	bool read_only;
};

static void accepts(parser *parse, const char *text, struct expected x)
{
	own_arena struct arena a = {0};
	struct mount_requests list = {0};
	struct err err = {0};
	const struct mount_request *m;

	UNIT_OK(parse(text, &list, &a, &err), &err);
	CU_ASSERT_EQUAL_FATAL(list.count, 1);
	m = &list.items[0];
	CU_ASSERT_EQUAL(m->kind, x.kind);
	CU_ASSERT_EQUAL(m->read_only, x.read_only);
	UNIT_STRING(m->destination, x.destination);
	UNIT_STRING(m->source ? m->source : "-", x.source ? x.source : "-");
}

static void refuses(parser *parse, const char *text, const char *message)
{
	own_arena struct arena a = {0};
	struct mount_requests list = {0};
	struct err err = {0};

	CU_ASSERT_TRUE(parse(text, &list, &a, &err) < 0);
	UNIT_STRING(err.msg, message);
	CU_ASSERT_EQUAL(list.count, 0);
}

static void volumes(void)
{
	accepts(mount_flag_volume, "/a:/b", (struct expected){MOUNT_BIND, "/a", "/b", false});
	accepts(mount_flag_volume, "/a//x/../y:/b/:ro",
		(struct expected){MOUNT_BIND, "/a/y", "/b", true});
	accepts(mount_flag_volume, "vol:/b:nocopy",
		(struct expected){MOUNT_VOLUME, "vol", "/b", false});
	accepts(mount_flag_volume, "/b", (struct expected){MOUNT_VOLUME, NULL, "/b", false});
	accepts(mount_flag_volume, "/a:/b:rshared,ro",
		(struct expected){MOUNT_BIND, "/a", "/b", true});
	refuses(mount_flag_volume, "/a:/b:bogus", "invalid mode: bogus");
	refuses(mount_flag_volume, "vol:/b:rshared", "invalid mode: rshared");
	refuses(mount_flag_volume, "/a:b",
		"invalid volume specification: '/a:b': invalid mount config for type \"bind\": invalid "
		"mount path: 'b' mount path must be absolute");
	refuses(mount_flag_volume, "/a:/",
		"invalid volume specification: '/a:/': invalid specification: destination can't be '/'");
	refuses(mount_flag_volume, "a/b:/c",
		"create a/b: \"a/b\" includes invalid characters for a local volume name, only "
		"\"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. If you intended to pass a host directory, use "
		"absolute path");
	refuses(mount_flag_volume, ":/b", "invalid spec: :/b: empty section between colons");
}

static void mounts(void)
{
	accepts(mount_flag_mount, "type=bind,src=/a,dst=/b,readonly",
		(struct expected){MOUNT_BIND, "/a", "/b", true});
	accepts(mount_flag_mount, "source=vol,target=/b,ro=false",
		(struct expected){MOUNT_VOLUME, "vol", "/b", false});
	accepts(mount_flag_mount, "type=tmpfs,destination=/t,tmpfs-size=1m,tmpfs-mode=1770",
		(struct expected){MOUNT_TMPFS, NULL, "/t", false});
	refuses(mount_flag_mount, "type=bind,dst=/b",
		"invalid mount config for type \"bind\": field Source must not be empty");
	refuses(mount_flag_mount, "type=bind,src=/a",
		"invalid argument \"type=bind,src=/a\" for \"--mount\" flag: target is required");
	refuses(mount_flag_mount, "type=bind,src=/a,dst=/b,colour=red",
		"invalid argument \"type=bind,src=/a,dst=/b,colour=red\" for \"--mount\" flag: unexpected "
		"key 'colour' in 'colour=red'");
	refuses(mount_flag_mount, "bind",
		"invalid argument \"bind\" for \"--mount\" flag: invalid field 'bind' must be a key=value "
		"pair");
	refuses(mount_flag_mount, "type=tmpfs,src=/a,dst=/b",
		"invalid mount config for type \"tmpfs\": field Source must not be specified");
}

static void twice(void)
{
	own_arena struct arena a = {0};
	struct mount_requests list = {0};
	struct err err = {0};

	UNIT_OK(mount_flag_tmpfs("/x:size=1m", &list, &a, &err), &err);
	UNIT_STRING(list.items[0].tmpfs, "size=1m");
	UNIT_OK(mount_flag_check(&list, &err), &err);
	UNIT_OK(mount_flag_volume("vol:/x", &list, &a, &err), &err);
	CU_ASSERT_TRUE(mount_flag_check(&list, &err) < 0);
	UNIT_STRING(err.msg, "Duplicate mount point: /x");
}

UNIT_TESTS(mount_flag) = {
	{"-v: binds, named and anonymous volumes, modes", volumes},
	{"--mount: every kind, and what is missing or unknown", mounts},
	{"two mounts in one place are refused", twice},
};
UNIT_COUNT(mount_flag)
