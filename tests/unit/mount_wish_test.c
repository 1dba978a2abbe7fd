/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/docker/mount_wish.h"

#include <string.h>

#include "lib/own.h"
#include "tests/unit/unit.h"

struct expected {
	enum mount_kind kind;
	const char *source, *destination;
	bool read_only;
};

static void check(const struct mount_wish *m, struct expected x)
{
	CU_ASSERT_EQUAL(m->kind, x.kind);
	CU_ASSERT_EQUAL(m->read_only, x.read_only);
	UNIT_STRING(m->destination, x.destination);
	UNIT_STRING(m->source ? m->source : "-", x.source ? x.source : "-");
}

static void accepts(const char *text, struct expected x)
{
	own_arena struct arena a = {0};
	struct mount_wish m;
	struct err err = {0};

	UNIT_OK(mount_wish_bind(text, &m, &a, &err), &err);
	check(&m, x);
}

static void refuses(const char *text, const char *message)
{
	own_arena struct arena a = {0};
	struct mount_wish m;
	struct err err = {0};

	CU_ASSERT_TRUE(mount_wish_bind(text, &m, &a, &err) < 0);
	UNIT_STRING(err.msg, message);
}

static void binds(void)
{
	accepts("/a:/b", (struct expected){MOUNT_BIND, "/a", "/b", false});
	accepts("/a//x/../y:/b/:ro", (struct expected){MOUNT_BIND, "/a/y", "/b", true});
	accepts("vol:/b:nocopy", (struct expected){MOUNT_VOLUME, "vol", "/b", false});
	accepts("/b", (struct expected){MOUNT_VOLUME, NULL, "/b", false});
	accepts("/a:/b:rshared,ro", (struct expected){MOUNT_BIND, "/a", "/b", true});
	refuses("/a:/b:bogus", "invalid mode: bogus");
	refuses("vol:/b:rshared", "invalid mode: rshared");
	refuses("/a:b",
		"invalid volume specification: '/a:b': invalid mount config for type \"bind\": invalid "
		"mount path: 'b' mount path must be absolute");
	refuses("/a:/",
		"invalid volume specification: '/a:/': invalid specification: destination can't be '/'");
	refuses("a/b:/c",
		"create a/b: \"a/b\" includes invalid characters for a local volume name, only "
		"\"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. If you intended to pass a host directory, use "
		"absolute path");
	refuses(":/b", "invalid spec: :/b: empty section between colons");
	refuses("/a:/b:ro:rw", "invalid volume specification: '/a:/b:ro:rw'");
}

static void accepts_mount(struct docker_mount_point p, struct expected x)
{
	own_arena struct arena a = {0};
	struct mount_wish m;
	struct err err = {0};

	UNIT_OK(mount_wish_mount(&p, &m, &a, &err), &err);
	check(&m, x);
}

static void refuses_mount(struct docker_mount_point p, const char *message)
{
	own_arena struct arena a = {0};
	struct mount_wish m;
	struct err err = {0};

	CU_ASSERT_TRUE(mount_wish_mount(&p, &m, &a, &err) < 0);
	UNIT_STRING(err.msg, message);
}

static void mounts(void)
{
	own_arena struct arena a = {0};
	struct docker_mount_point tmpfs = {
		.type = "tmpfs", .target = "/t", .tmpfs = {.size = 1 << 20, .mode = 01770}};
	struct mount_wish m;
	struct err err = {0};

	accepts_mount((struct docker_mount_point){.type = "bind",
			      .source = "/a",
			      .target = "/b",
			      .read_only = true,
			      .consistency = "cached"},
		(struct expected){MOUNT_BIND, "/a", "/b", true});
	accepts_mount(
		(struct docker_mount_point){.type = "volume", .source = "vol", .target = "/b"},
		(struct expected){MOUNT_VOLUME, "vol", "/b", false});
	UNIT_OK(mount_wish_mount(&tmpfs, &m, &a, &err), &err);
	UNIT_STRING(m.tmpfs, "mode=1770,size=1048576");
	refuses_mount((struct docker_mount_point){.type = "bind", .target = "/b"},
		"invalid mount config for type \"bind\": field Source must not be empty");
	refuses_mount((struct docker_mount_point){.type = "bind", .source = "/a"},
		"invalid mount config for type \"bind\": field Target must not be empty");
	refuses_mount((struct docker_mount_point){.type = "tmpfs", .source = "/a", .target = "/b"},
		"invalid mount config for type \"tmpfs\": field Source must not be specified");
	refuses_mount(
		(struct docker_mount_point){
			.type = "bind", .source = "/a", .target = "/b", .tmpfs.size = 1},
		"cannot mix 'tmpfs-*' options with mount type 'bind'");
	refuses_mount(
		(struct docker_mount_point){
			.type = "volume", .target = "/b", .volume.driver.type = "nfs"},
		"VolumeOptions.DriverConfig: kist has only \"local\" without options yet");
	refuses_mount((struct docker_mount_point){.type = "npipe", .target = "/b"},
		"invalid mount config: kist has the types bind, volume and tmpfs, not 'npipe'");
}

UNIT_TESTS(mount_wish) = {
	{"Binds: host paths, named and anonymous volumes, modes", binds},
	{"Mounts: every kind, and what is missing or mixed up", mounts},
};
UNIT_COUNT(mount_wish)
