/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What docker's clients post and what the command line says mean the same; and what the translator
 * makes of an image's config.
 */
#include "engine/verb/translate.h"

#include <stdlib.h>
#include <string.h>

#include "engine/docker/body.h"
#include "lib/own.h"
#include "tests/unit/run_words.h"
#include "tests/unit/unit.h"

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const char plain_image[] =
	"{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]},"
	"\"config\":{\"Env\":[\"PATH=/bin\",\"A=image\"],\"Cmd\":[\"sh\"],\"Labels\":{\"a\":\"1\"},"
	"\"ExposedPorts\":{\"80/tcp\":{},\"9000/udp\":{}},\"Volumes\":{\"/cache\":{},\"/b\":{}}}}";

static struct image_config *parse_image(const char *text, struct arena *a)
{
	struct image_config *image = arena_alloc(a, sizeof(*image));
	struct err err = {0};

	UNIT_OK(image_config_parse(text, strlen(text), image, a, &err), &err);
	return image;
}

static int translate_with(const struct docker_body *body, const struct image_config *image,
	struct translation *t, struct arena *a, struct err *err)
{
	struct translate_context c = {.id = ID,
		.name = "name",
		.image_name = "img",
		.image = image,
		.directory = "/root/containers/" ID,
		.volumes = "/root/volumes",
		.netns = "/run/netns/" ID,
		.cgroup_parent = "/kist",
		.arena = a};

	return translate(&c, body, t, err);
}

/* Names of anonymous volumes are random. */
static void forget_names(struct translation *t)
{
	for (size_t i = 0; i < t->docker.mounts.count; i++) {
		if (!t->docker.mounts.items[i].anonymous)
			continue;
		t->docker.mounts.items[i].name = t->docker.mounts.items[i].source = "ANONYMOUS";
		t->options.mounts.items[i].source = "ANONYMOUS";
	}
}

static bool is_empty(const struct json *value)
{
	return value->type == JSON_NULL || (value->type == JSON_STRING && !*value->text) ||
		((value->type == JSON_ARRAY || value->type == JSON_OBJECT) && !value->count);
}

/* Without what says nothing: an empty list is no list. */
static void drop_empty(struct json *value)
{
	struct json *member = value->first, *next;

	for (; member; member = next) {
		next = member->next;
		drop_empty(member);
		if (value->type == JSON_OBJECT && is_empty(member))
			json_remove(value, member->key);
	}
}

static void add_document(
	const struct schema *schema, const void *value, struct arena *a, struct buf *out)
{
	struct json *o = schema_encode(schema, value, a);

	drop_empty(o);
	json_write(o, JSON_COMPACT, out);
	buf_addc(out, '\n');
}

/* What a translation says but for HostConfig, which shows what was asked: as one text. */
static void describe(struct translation *t, struct arena *a, struct buf *out)
{
	forget_names(t);
	t->docker.host_config = (struct docker_host_config){0};
	t->docker.networking = (struct docker_networking_config){0};
	add_document(&docker_container_schema, &t->docker, a, out);
	add_document(&network_wish_schema, &t->wish, a, out);
	add_document(&config_options_schema, &t->options, a, out);
	for (size_t i = 0; i < t->ports.count; i++)
		json_write(schema_encode(&port_schema, &t->ports.items[i], a), JSON_COMPACT, out);
	for (size_t i = 0; i < t->mounts.count; i++)
		buf_addf(out, "\n%d %s %d%d%d %s", t->mounts.items[i].wish.kind,
			t->mounts.items[i].wish.destination, t->mounts.items[i].wish.make_source,
			t->mounts.items[i].wish.no_copy, t->mounts.items[i].wish.not_recursive,
			t->mounts.items[i].wish.labels.count
				? t->mounts.items[i].wish.labels.items[0].key
				: "");
	for (size_t i = 0; i < t->warnings.count; i++)
		buf_addf(out, "\n%s", t->warnings.items[i]);
}

struct posted {
	const struct docker_body *body; /* what the client posts */
	struct buf text;                /* what the words mean */
};

static int translate_words(const struct docker_body *body, void *arg, struct err *err)
{
	own_arena struct arena a = {0};
	struct posted *posted = arg;
	struct docker_body same = *body;
	struct translation t;

	/* the terminal's size is no flag's */
	same.host.console_size = posted->body->host.console_size;
	if (translate_with(&same, parse_image(plain_image, &a), &t, &a, err) < 0)
		return -err->code;
	describe(&t, &a, &posted->text);
	return 0;
}

/* Texts are long: show them from a little before their first difference. */
static void compare(const char *actual, const char *expected)
{
	size_t n = 0;

	while (actual[n] && actual[n] == expected[n])
		n++;
	n -= n < 80 ? n : 80;
	UNIT_STRING(actual + n, expected + n);
}

static void same(const char *file, const char *words)
{
	own_arena struct arena a = {0};
	own_mem char *path = xasprintf("tests/data/create/%s.json", file);
	own_mem char *text = NULL;
	own_buf struct buf expected = {0};
	struct docker_body body;
	struct translation t;
	struct err err = {0};
	struct posted posted = {.body = &body};
	struct json *o;
	size_t len;

	text = unit_read_file(path, &len);
	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	o = json_parse(&a, text, len, JSON_DOCUMENT_MAX, &err);
	CU_ASSERT_PTR_NOT_NULL_FATAL(o);
	UNIT_OK(docker_body_decode(o, &body, &a, &err), &err);
	UNIT_OK(translate_with(&body, parse_image(plain_image, &a), &t, &a, &err), &err);
	describe(&t, &a, &expected);
	UNIT_OK(run_words(words, translate_words, &posted, &err), &err);
	compare(buf_str(&posted.text), buf_str(&expected));
	buf_release(&posted.text);
}

static void clients(void)
{
	static const char words[] = "-it --rm -p 8080:80 -v /a:/b -e A=b img";

	same("docker-20.10", words);
	same("docker-24", words);
	same("docker-28", words);
	same("compose",
		"-a stdout -a stderr -e A=b -e EMPTY= -l com.docker.compose.project=app "
		"-l com.docker.compose.service=web -h web -u 1000:1000 -w /srv --expose 80 --expose 443 "
		"--stop-signal SIGQUIT --stop-timeout 5 -v /cache --entrypoint /entry -v data:/data:rw "
		"-v /etc/app:/etc/app:ro --network name=app_default,alias=web,alias=app-web-1,"
		"ip=10.89.0.7,mac-address=02:42:0a:59:00:07 -p 127.0.0.1:8080:80 -p 443 -m 256m --cpus 0.5 "
		"--pids-limit 100 --read-only --cap-drop ALL --cap-add NET_BIND_SERVICE "
		"--security-opt no-new-privileges:true --ulimit nofile=1024:2048 --add-host db:10.0.0.2 "
		"--dns 9.9.9.9 --sysctl net.core.somaxconn=1024 --tmpfs /run:size=1m --shm-size 1m "
		"--mount type=bind,src=/srv/files,dst=/files,ro,bind-propagation=rslave "
		"--mount type=volume,src=logs,dst=/logs,volume-nocopy,volume-label=keep=yes "
		"--mount type=tmpfs,dst=/scratch,tmpfs-size=1m,tmpfs-mode=1760 img serve --port=80");
}

/* ---- one body at a time ---- */

static int decode_text(const char *text, struct docker_body *body, struct arena *a, struct err *err)
{
	struct json *o = json_parse(a, text, strlen(text), JSON_DOCUMENT_MAX, err);

	return o ? docker_body_decode(o, body, a, err) : -err->code;
}

static int translate_text(const char *text, const char *image, struct translation *t,
	struct arena *a, struct err *err)
{
	struct docker_body *body = arena_alloc(a, sizeof(*body));

	if (decode_text(text, body, a, err) < 0)
		return -err->code;
	return translate_with(body, image ? parse_image(image, a) : NULL, t, a, err);
}

static void refuse(const char *body, const char *message)
{
	own_arena struct arena a = {0};
	struct translation t;
	struct err err = {0};

	CU_ASSERT_TRUE(translate_text(body, plain_image, &t, &a, &err) < 0);
	UNIT_STRING(err.msg, message);
}

static void nothing_is_ignored(void)
{
	refuse("{\"HostConfig\":{\"Links\":[\"db:db\"]}}",
		"HostConfig.Links: kist does not have this");
	refuse("{\"HostConfig\":{\"Init\":true}}", "HostConfig.Init: kist does not have this");
	refuse("{\"HostConfig\":{\"DeviceRequests\":[{\"Count\":-1}]}}",
		"HostConfig.DeviceRequests: kist does not have this");
	refuse("{\"HostConfig\":{\"StorageOpt\":{\"size\":\"1g\"}}}",
		"HostConfig.StorageOpt: kist does not have this");
	refuse("{\"NetworkDisabled\":true}", "NetworkDisabled: kist does not have this");
	refuse("{\"HostConfig\":{\"Mounts\":[{\"Type\":\"volume\",\"Target\":\"/x\",\"VolumeOptions\":{"
	       "\"Subpath\":\"a\"}}]}}",
		"HostConfig.Mounts.VolumeOptions.Subpath: kist does not have this");
	refuse("{\"NetworkingConfig\":{\"EndpointsConfig\":{\"n\":{\"DriverOpts\":{\"a\":\"b\"}}}}}",
		"NetworkingConfig.EndpointsConfig.DriverOpts: kist does not have this");
	refuse("{\"HostConfig\":{\"RestartPolicy\":{\"Name\":\"always\"}}}",
		"invalid RestartPolicy.Name: 'always': kist has \"no\" only");
	refuse("{\"HostConfig\":{\"LogConfig\":{\"Type\":\"syslog\"}}}",
		"invalid LogConfig.Type: 'syslog': kist has \"json-file\" only");
	refuse("{\"HostConfig\":{\"LogConfig\":{\"Config\":{\"max-size\":\"1m\"}}}}",
		"LogConfig.Config: kist does not have 'max-size' yet");
	refuse("{\"Healthcheck\":{\"Test\":[\"CMD\",\"true\"]}}",
		"Healthcheck.Test: kist does not check health yet");
	refuse("{\"HostConfig\":{\"MaskedPaths\":[\"/proc/keys\"],\"ReadonlyPaths\":[]}}",
		"MaskedPaths and ReadonlyPaths: kist has docker's own, or none of both");
	refuse("{\"HostConfig\":{\"PidMode\":\"container:x\"}}",
		"invalid PID mode: 'container:x': kist has \"host\" only");
	refuse("{\"HostConfig\":{\"Memory\":\"64m\"}}",
		"HostConfig.Memory: expected a whole number");
	refuse("{\"HostConfig\":{\"SecurityOpt\":[\"seccomp={\"]}}",
		"Decoding seccomp profile failed: not valid JSON at line 1, column 2: premature EOF");
	refuse("{\"HostConfig\":{\"SecurityOpt\":[\"bogus\"]}}",
		"Invalid --security-opt: \"bogus\"");
	refuse("{\"HostConfig\":{\"NetworkMode\":\"host\"},\"NetworkingConfig\":{\"EndpointsConfig\":{"
	       "\"n\":{}}}}",
		"conflicting options: network 'host' takes no other network and no address");
	refuse("{\"HostConfig\":{\"Binds\":[\"/a:/x\"],\"Tmpfs\":{\"/x\":\"\"}}}",
		"Duplicate mount point: /x");
	refuse("{\"HostConfig\":{\"AutoRemove\":true,\"RestartPolicy\":{\"Name\":\"always\"}}}",
		"Conflicting options: --restart and --rm");
}

static void defaults(void)
{
	own_arena struct arena a = {0};
	struct translation t;
	struct err err = {0};

	UNIT_OK(translate_text("{\"HostConfig\":{\"Memory\":67108864}}", plain_image, &t, &a, &err),
		&err);
	CU_ASSERT_EQUAL(*t.docker.host_config.pids_limit, TRANSLATE_PIDS_LIMIT);
	CU_ASSERT_EQUAL(t.options.pids_limit, TRANSLATE_PIDS_LIMIT);
	CU_ASSERT_EQUAL(t.docker.host_config.shm_size, 64 << 20);
	CU_ASSERT_EQUAL(t.docker.host_config.memory_swap, 2 * 67108864);
	UNIT_STRING(t.docker.host_config.network_mode, "default");
	UNIT_STRING(t.docker.config.hostname, "0123456789ab");
	UNIT_STRING(t.docker.path, "sh");
	CU_ASSERT_EQUAL(t.docker.config.env.count, 2);
	UNIT_STRING(t.options.network_namespace, "/run/netns/" ID);
	CU_ASSERT_EQUAL(t.mounts.count, 2);
	CU_ASSERT_EQUAL(t.docker.config.exposed_ports.count, 2);
	UNIT_OK(translate_text("{\"HostConfig\":{\"PidsLimit\":-1}}", plain_image, &t, &a, &err),
		&err);
	CU_ASSERT_EQUAL(t.options.pids_limit, -1);
}

/* Entrypoint: missing is the image's, [] none, [""] none and no command of the image either. */
static void commands(void)
{
	static const char image[] =
		"{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]"
		"},\"config\":{\"Entrypoint\":[\"ep\"],\"Cmd\":[\"cmd\",\"arg\"]}}";
	static const struct {
		const char *body, *path, *args;
	} cases[] = {
		{"{}", "ep", "cmd arg"},
		{"{\"Cmd\":[\"x\"]}", "ep", "x"},
		{"{\"Cmd\":\"one\"}", "ep", "one"},
		{"{\"Entrypoint\":[\"e\"]}", "e", ""},
		{"{\"Entrypoint\":\"e\",\"Cmd\":[\"y\"]}", "e", "y"},
		{"{\"Entrypoint\":[]}", "cmd", "arg"},
		{"{\"Entrypoint\":[\"\"],\"Cmd\":[\"z\"]}", "z", ""},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		own_arena struct arena a = {0};
		own_buf struct buf args = {0};
		struct runtime_config config;
		struct translation t;
		struct err err = {0};

		UNIT_OK(translate_text(cases[i].body, image, &t, &a, &err), &err);
		UNIT_STRING(t.docker.path, cases[i].path);
		for (size_t j = 0; j < t.docker.args.count; j++)
			buf_addf(&args, "%s%s", j ? " " : "", t.docker.args.items[j]);
		UNIT_STRING(buf_str(&args), cases[i].args);
		/* and what is started is what inspect shows */
		UNIT_OK(config_make(parse_image(image, &a), &t.options, &config, &a, &err), &err);
		UNIT_STRING(config.process->args.items[0], cases[i].path);
		CU_ASSERT_EQUAL(config.process->args.count, t.docker.args.count + 1);
	}
	refuse("{\"Entrypoint\":[\"\"]}", "no command specified");
}

static void publish_all(void)
{
	own_arena struct arena a = {0};
	struct translation t;
	struct err err = {0};

	UNIT_OK(translate_text("{\"HostConfig\":{\"PublishAllPorts\":true,\"PortBindings\":{\"80/"
			       "tcp\":[{\"HostPort\":\"1\"}]}}}",
			plain_image, &t, &a, &err),
		&err);
	CU_ASSERT_EQUAL_FATAL(t.ports.count, 2);
	CU_ASSERT_EQUAL(t.ports.items[0].host_port, 1);
	CU_ASSERT_EQUAL(t.ports.items[1].container_port, 9000);
	CU_ASSERT_EQUAL(t.wish.endpoints.items[0].ports.count, 2);
	UNIT_OK(translate_text(
			"{\"HostConfig\":{\"PublishAllPorts\":true,\"NetworkMode\":\"host\"}}",
			plain_image, &t, &a, &err),
		&err);
	CU_ASSERT_EQUAL(t.ports.count, 0);
	CU_ASSERT_EQUAL(t.warnings.count, 1);
	UNIT_STRING(t.options.network_namespace, "host");
}

/* An image with so many entries of one kind: before is what stands in front of the number. */
static char *long_image(
	const char *member, const char *before, const char *behind, size_t count, char open)
{
	struct buf text = {0};

	buf_addf(&text,
		"{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\","
		"\"diff_ids\":[]},\"config\":{\"Cmd\":[\"sh\"],\"%s\":%c",
		member, open);
	for (size_t i = 0; i < count; i++)
		buf_addf(&text, "%s%s%zu%s", i ? "," : "", before, i + 1, behind);
	buf_addf(&text, "%c}}", open == '{' ? '}' : ']');
	return text.data;
}

static void limits(void)
{
	static const struct {
		const char *member, *before, *behind;
		size_t count;
		char open;
		const char *message;
	} cases[] = {
		{"Volumes", "\"/", "\":{}", 16000, '{',
			"image 'img': Volumes has 16000 entries, kist takes at most 4096"},
		{"Env", "\"A", "=\"", 20000, '[',
			"image 'img': Env has 20000 entries, kist takes at most 16384"},
		{"ExposedPorts", "\"", "/tcp\":{}", 20000, '{',
			"image 'img': ExposedPorts has 20000 entries, kist takes at most 16384"},
		{"Labels", "\"l", "\":\"\"", 20000, '{',
			"image 'img': Labels has 20000 entries, kist takes at most 16384"},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		own_arena struct arena a = {0};
		own_mem char *image = long_image(cases[i].member, cases[i].before, cases[i].behind,
			cases[i].count, cases[i].open);
		struct translation t;
		struct err err = {0};

		CU_ASSERT_EQUAL(translate_text("{}", image, &t, &a, &err), -E_LIMIT);
		UNIT_STRING(err.msg, cases[i].message);
	}
}

UNIT_TESTS(translate) = {
	{"what docker's clients post means what the same command line means", clients},
	{"what kist does not do is refused by its name, wherever it stands", nothing_is_ignored},
	{"defaults are docker's, and a limit of processes", defaults},
	{"entrypoint and command follow docker's rules", commands},
	{"-P publishes what is exposed and not published", publish_all},
	{"an image that asks for too much is refused by name and member", limits},
};
UNIT_COUNT(translate)
