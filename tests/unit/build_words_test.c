/* SPDX-License-Identifier: Apache-2.0 */
/* Small languages inside of instructions: --chmod, EXPOSE, STOPSIGNAL, RUN --mount, ARG. */
#include <string.h>

#include "builder/expose.h"
#include "builder/mode.h"
#include "builder/run_mount.h"
#include "builder/variables.h"
#include "lib/own.h"
#include "tests/unit/unit.h"

static void mode(const char *text, mode_t from, bool directory, long expected)
{
	struct err ignored;
	mode_t result = 0;
	int r = mode_apply(text, from, directory, &result, &ignored);

	CU_ASSERT_EQUAL(r < 0 ? -1L : (long)result, expected);
	if ((r < 0 ? -1L : (long)result) != expected)
		unit_string(__FILE__, __LINE__, text, "another mode", "the right one");
}

static void modes(void)
{
	mode("755", 0644, false, 0755);
	mode("04711", 0, false, 04711);
	mode("u=rwX,go=rX", 0640, false, 0644);
	mode("u=rwX,go=rX", 0600, true, 0755);
	mode("+x", 0644, false, 0755);
	mode("a-w", 0666, false, 0444);
	mode("u+s,g+s,+t", 0755, false, 07755);
	mode("u=rw", 04755, false, 0655);
	mode("go-rwx", 0777, false, 0700);
	mode("8", 0, false, -1);
	mode("10000", 0, false, -1);
	mode("", 0, false, -1);
	mode("u", 0, false, -1);
	mode("u+q", 0, false, -1);
}

static void ports(void)
{
	own_arena struct arena a = {0};
	struct exposed e = {0};
	struct strings list = {0};
	struct err err;

	CU_ASSERT_EQUAL(expose_add(&e, "80", &err), 0);
	CU_ASSERT_EQUAL(expose_add(&e, "80/TCP", &err), 0);
	CU_ASSERT_EQUAL(expose_add(&e, "63-65/Sctp", &err), 0);
	CU_ASSERT_EQUAL(expose_add(&e, "90-92/udp", &err), 0);
	CU_ASSERT_EQUAL(expose_add(&e, "65535/udp", &err), 0);
	expose_list(&e, &list, &a);
	CU_ASSERT_EQUAL_FATAL(list.count, 8);
	UNIT_STRING(list.items[0], "80/tcp");
	UNIT_STRING(list.items[3], "92/udp");
	UNIT_STRING(list.items[4], "65535/udp");
	UNIT_STRING(list.items[5], "63/sctp");
	UNIT_STRING(list.items[7], "65/sctp");
	CU_ASSERT_EQUAL(expose_add(&e, "0-65535", &err), 0);
	list = (struct strings){0};
	expose_list(&e, &list, &a);
	CU_ASSERT_EQUAL(list.count, 65536 + 4 + 3);
	CU_ASSERT_EQUAL(expose_add(&e, "65536", &err), -E_SYNTAX);
	CU_ASSERT_EQUAL(expose_add(&e, "92-90", &err), -E_SYNTAX);
	CU_ASSERT_EQUAL(expose_add(&e, "80/icmp", &err), -E_SYNTAX);
	UNIT_STRING(err.msg, "Invalid proto: icmp");
	CU_ASSERT_EQUAL(expose_add(&e, "8080:80", &err), -E_SYNTAX);
}

static void signals(void)
{
	CU_ASSERT(signal_valid("SIGTERM") && signal_valid("term") && signal_valid("9"));
	CU_ASSERT(signal_valid("SIGRTMIN+3") && signal_valid("64"));
	CU_ASSERT(!signal_valid("0") && !signal_valid("65") && !signal_valid("SIGNO"));
	CU_ASSERT(!signal_valid("") && !signal_valid("9x"));
}

static void mount_refused(const char *text, const char *expected)
{
	own_arena struct arena a = {0};
	const struct variables v = {.arena = &a, .escape = '\\'};
	struct run_mount m;
	struct err err = {0};

	CU_ASSERT(run_mount_parse(text, &v, "/w", &m, &err) < 0);
	UNIT_STRING(err.msg, expected);
}

static void mounts(void)
{
	own_arena struct arena a = {0};
	struct variables v = {.arena = &a, .escape = '\\'};
	struct run_mount m;
	struct err err = {0};

	variables_declare(&v, "x", "value", NULL);
	UNIT_OK(run_mount_parse(
			"type=cache,TARGET=$x/c,sharing=locked,mode=700,uid=5", &v, "/w", &m, &err),
		&err);
	CU_ASSERT_EQUAL(m.type, RUN_MOUNT_CACHE);
	UNIT_STRING(m.target, "/w/value/c");
	UNIT_STRING(m.id, "value/c");
	CU_ASSERT(m.sharing == SHARING_LOCKED && m.mode == 0700 && m.uid == 5 && !m.readonly);
	UNIT_OK(run_mount_parse("dst=/d,src=s,from=stage", &v, "/w", &m, &err), &err);
	CU_ASSERT(m.type == RUN_MOUNT_BIND && m.readonly);
	UNIT_OK(run_mount_parse("dst=/d,rw,\"source=a,b\"", &v, "/w", &m, &err), &err);
	CU_ASSERT(!m.readonly);
	UNIT_STRING(m.source, "a,b");
	UNIT_OK(run_mount_parse("type=tmpfs,target=/t,size=1m", &v, "/w", &m, &err), &err);
	CU_ASSERT_EQUAL(m.size, 1 << 20);
}

static void mount_mistakes(void)
{
	mount_refused("type=foo,target=/x", "unsupported mount type \"foo\"");
	mount_refused("type=bind,target=/x,nosuch=1", "unexpected key 'nosuch' in 'nosuch=1'");
	mount_refused("type=bind,target=/x,size=1", "unexpected key 'size' for mount type 'bind'");
	mount_refused(
		"type=bind,target=/x,zzzzz", "invalid field 'zzzzz' must be a key=value pair");
	mount_refused("target=/x,from=$y",
		"'from' doesn't support variable expansion, define alias "
		"stage instead");
	mount_refused("type=cache,target=/x,sharing=all", "unsupported sharing value \"all\"");
	mount_refused("type=secret", "invalid secret mount. one of source, target required");
	mount_refused("type=secret,id=a,source=b", "both source and id can't be set");
	mount_refused("type=secret,id=a,required=x", "invalid value for 'required': x");
	mount_refused("type=ssh,env=A", "unexpected key 'env' for mount type 'ssh'");
	mount_refused("type=cache,required", "unexpected key 'required' for mount type 'cache'");
	mount_refused("type=tmpfs,target=..", "invalid mount target \"/\"");
}

static const char *value(const struct variables *v, const char *name)
{
	const char *text = "";
	struct err err;

	UNIT_OK(variables_expand(v, arena_printf(v->arena, "${%s:-(unset)}", name), &text, &err),
		&err);
	return text;
}

static void scopes(void)
{
	struct err ignored;
	own_arena struct arena a = {0};
	struct build_args given = {0};
	struct strings env = {0};
	struct variables global = {.arena = &a, .given = &given};
	struct variables stage = {
		.arena = &a, .given = &given, .env = &env, .escape = '\\', .proxies = true};
	struct strings words = {0};

	build_args_add(&given, "forced=1", &a);
	build_args_add(&given, "HTTP_PROXY=p", &a);
	build_args_add(&given, "KIST_NO_SUCH_VARIABLE", &a);
	CU_ASSERT_EQUAL(given.values.count, 2);
	variables_declare(&global, "outer", "2", NULL);
	UNIT_STRING(value(&stage, "forced"), "(unset)");
	variables_declare(&stage, "forced", "default", &global);
	variables_declare(&stage, "outer", NULL, &global);
	variables_declare(&stage, "nothing", NULL, &global);
	UNIT_STRING(value(&stage, "forced"), "1");
	UNIT_STRING(value(&stage, "outer"), "2");
	UNIT_STRING(value(&stage, "nothing"), "(unset)");
	UNIT_STRING(value(&stage, "HTTP_PROXY"), "p");
	variables_set_env(&stage, "outer", "env");
	variables_set_env(&stage, "outer", "a b");
	CU_ASSERT_EQUAL(env.count, 1);
	UNIT_STRING(value(&stage, "outer"), "a b");
	CU_ASSERT_EQUAL(variables_expand_words(&stage, "$outer \"$outer\"", &words, &ignored), 0);
	CU_ASSERT_EQUAL(words.count, 3);
	CU_ASSERT(given.used[0] && given.used[1]);
}

UNIT_TESTS(build_words) = {
	{"modes are octal or symbolic", modes},
	{"ports are single or ranges, each once", ports},
	{"signals have names and numbers", signals},
	{"mounts have their defaults", mounts},
	{"mounts that are wrong are named", mount_mistakes},
	{"ENV beats ARG, --build-arg beats the default", scopes},
};
UNIT_COUNT(build_words)
