/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/creation.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "engine/docker/names.h"
#include "engine/verb/hello.h"
#include "engine/verb/network.h"
#include "lib/env.h"
#include "lib/io.h"
#include "lib/own.h"
#include "lib/path.h"
#include "spec/user_files.h"
#include "store/snapshot.h"
#include "store/unpack.h"

void creation_release(struct creation *c)
{
	own_fd_release(&c->mount);
	own_fd_release(&c->lease);
	stored_container_release(&c->container);
}

/* ---- docker's words: the request and the image together ---- */

static void merge_labels(struct string_map *to, const struct string_map *from, struct arena *a)
{
	for (size_t i = 0; i < from->count; i++)
		string_map_set(a, to, from->items[i].key, from->items[i].value);
}

static void add_once(struct strings *list, const char *text, struct arena *a)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i], text) == 0)
			return;
	strings_add(a, list, text);
}

static void copy_strings(struct strings *to, const struct strings *from, struct arena *a)
{
	*to = (struct strings){0};
	for (size_t i = 0; i < from->count; i++)
		strings_add(a, to, from->items[i]);
}

static void merge_command(struct docker_config *d, const struct image_execution *image)
{
	if (!d->entrypoint.items) {
		d->entrypoint = image->entrypoint;
		if (!d->cmd.count)
			d->cmd = image->cmd;
	}
}

static void merge_config(struct creation *c)
{
	static const struct image_execution nothing;
	struct docker_config *d = &c->docker.config;
	const struct image_execution *image = c->image ? &c->image->config.config : &nothing;
	struct arena *a = &c->engine->arena;
	struct strings env;
	struct string_map labels = {0};

	*d = c->request->config;
	merge_command(d, image);
	copy_strings(&env, &image->env, a);
	env_merge(&env, &d->env, a);
	d->env = env;
	merge_labels(&labels, &image->labels, a);
	merge_labels(&labels, &d->labels, a);
	d->labels = labels;
	if (!d->working_dir)
		d->working_dir = image->working_dir;
	if (!d->user)
		d->user = image->user;
	if (!d->stop_signal)
		d->stop_signal = image->stop_signal;
	d->shell = image->shell;
	d->on_build = image->on_build;
	copy_strings(&d->exposed_ports, &image->exposed_ports, a);
	copy_strings(&d->volumes, &image->volumes, a);
	c->user = d->user;
}

static const char *port_key(const struct port *p, struct arena *a)
{
	return arena_printf(a, "%u/%s", p->container_port, p->protocol);
}

/* PortBindings: {"80/tcp":[{"HostIp":"","HostPort":"8080"}]} */
static void add_binding(struct creation *c, struct json *bindings, const struct port *p)
{
	struct arena *a = &c->engine->arena;
	const char *key = port_key(p, a);
	struct json *list = json_get(bindings, key), *binding = json_new_object(a);

	if (!list)
		list = json_set(a, bindings, key, json_new_array(a));
	json_set_string(a, binding, "HostIp", p->host_ip);
	json_set_string(
		a, binding, "HostPort", p->host_port ? arena_printf(a, "%u", p->host_port) : "");
	json_append(list, binding);
}

static bool is_published(const struct port_list *ports, const struct port *p)
{
	for (size_t i = 0; i < ports->count; i++)
		if (ports->items[i].container_port == p->container_port &&
			strcmp(ports->items[i].protocol, p->protocol) == 0)
			return true;
	return false;
}

/* Exposed ports are those of the image, of --expose and of -p; with -P all of them are published.
 */
static int merge_ports(struct creation *c, struct err *err)
{
	struct docker_config *d = &c->docker.config;
	struct arena *a = &c->engine->arena;
	struct json *bindings = json_new_object(a);
	struct port_list exposed = {0};

	for (size_t i = 0; i < c->request->exposed.count; i++)
		add_once(&d->exposed_ports, port_key(&c->request->exposed.items[i], a), a);
	for (size_t i = 0; i < c->request->ports.count; i++) {
		add_once(&d->exposed_ports, port_key(&c->request->ports.items[i], a), a);
		add_binding(c, bindings, &c->request->ports.items[i]);
	}
	c->docker.host_config.port_bindings = bindings;
	c->ports = c->request->ports;
	if (!c->docker.host_config.publish_all_ports)
		return 0;
	for (size_t i = 0; i < d->exposed_ports.count; i++)
		if (publish_parse_expose(d->exposed_ports.items[i], &exposed, a, err) < 0)
			return err_wrap(err, "the image's ExposedPorts");
	for (size_t i = 0; i < exposed.count; i++)
		if (!is_published(&c->request->ports, &exposed.items[i]))
			port_list_add(&c->ports, &exposed.items[i], a);
	return 0;
}

static void set_command(struct creation *c)
{
	const struct docker_config *d = &c->docker.config;
	struct arena *a = &c->engine->arena;
	struct strings words = {0};

	for (size_t i = 0; i < d->entrypoint.count; i++)
		strings_add(a, &words, d->entrypoint.items[i]);
	for (size_t i = 0; i < d->cmd.count; i++)
		strings_add(a, &words, d->cmd.items[i]);
	c->docker.path = words.count ? words.items[0] : "";
	for (size_t i = 1; i < words.count; i++)
		strings_add(a, &c->docker.args, words.items[i]);
}

static const char *host_name(struct engine *e)
{
	char name[256] = "";

	if (gethostname(name, sizeof(name) - 1) < 0)
		return "localhost";
	return arena_strdup(&e->arena, name);
}

static int set_network(struct creation *c, struct err *err)
{
	struct docker_host_config *h = &c->docker.host_config;
	struct docker_config *d = &c->docker.config;
	struct engine *e = c->engine;
	bool host;

	/* the embedded image greets where nothing can be set up, too: it needs no network */
	if (!c->request->network_given && !c->request->ports.count &&
		(c->image ? strcmp(c->image->entry.id.text, HELLO_IMAGE_ID) == 0
			  : creation_is_hello(e, c->request->image)))
		h->network_mode = "none";
	if (network_check(e, h->network_mode, err) < 0)
		return -err->code;
	host = strcmp(h->network_mode, "host") == 0 || (h->uts_mode && *h->uts_mode);
	if (!d->hostname)
		d->hostname = host ? host_name(e) : arena_strndup(&e->arena, c->id, 12);
	if (c->ports.count && (host || strcmp(h->network_mode, "none") == 0)) {
		if (host)
			plan_notice(&e->plan,
				"WARNING: Published ports are discarded when using host network mode");
		c->ports = (struct port_list){0};
	}
	c->docker.network = network_document(e, c->id, c->name, &c->docker, &c->ports);
	return 0;
}

/* ---- the steps ---- */

static int make_container(void *arg, struct err *err)
{
	struct creation *c = arg;
	struct arena *a = &c->engine->arena;
	const struct image *image = c->image;
	char created[IO_TIME_MAX];
	struct container_record record = {.id = c->id,
		.name = c->name,
		.created = created,
		.image = c->request->image,
		.image_id = image->entry.id.text,
		.layers = image->config.rootfs.diff_ids,
		.engine = schema_encode(&docker_container_schema, &c->docker, a)};
	int r;

	io_time_now(created);
	r = store_unpack_image(c->engine->store, &image->manifest, &image->config, NULL, err);
	if (r == 0)
		r = stored_container_create(c->engine->store, &record,
			c->docker.host_config.auto_remove ? 0 : STORED_CONTAINER_DURABLE,
			&c->container, err);
	own_fd_release(&c->lease);
	return r;
}

static int unmake_container(void *arg, struct err *err)
{
	struct creation *c = arg;

	own_fd_release(&c->mount);
	return c->container.dir < 0 ? 0
				    : stored_container_remove(c->engine->store, &c->container, err);
}

static void plan_container(struct creation *c)
{
	struct plan *p = &c->engine->plan;
	own_buf struct buf words = {0};
	struct step *s;

	json_write(schema_encode(&docker_container_schema, &c->docker, &c->engine->arena),
		JSON_COMPACT, &words);
	s = plan_program(p, "kist-store", "create", "--name", c->name, "--engine", "-", c->id,
		c->request->image, NULL);
	s->input = arena_strdup(&p->arena, buf_str(&words));
	s->flags = STEP_QUIET;
	s->call = make_container;
	s->arg = c;
	s = plan_program(p, "kist-store", "rm", c->id, NULL);
	s->call = unmake_container;
	s->arg = c;
	plan_make_undo(p);
}

static int set_user(struct creation *c, int root, struct err *err)
{
	struct config_options *o = &c->options;
	const struct strings *groups = &c->docker.host_config.group_add;
	struct arena *a = &c->engine->arena;
	struct user user;

	if (user_lookup_in(root, c->user, &user, a, err) < 0)
		return -err->code;
	if (user_add_groups_in(root, groups, &user, a, err) < 0)
		return -err->code;
	o->user.uid = user.uid;
	o->user.gid = user.gid;
	o->user.additional_gids = user.additional_gids;
	o->home = user.home;
	return 0;
}

static int make_config(void *arg, struct err *err)
{
	struct creation *c = arg;
	own_buf struct buf text = {0};
	struct runtime_config config;
	int root = creation_mount(c, err);

	if (root < 0 || set_user(c, root, err) < 0)
		return -err->code;
	config_host(&c->options);
	if (config_make(&c->image->config, &c->options, &config, &c->engine->arena, err) < 0)
		return -err->code;
	runtime_config_encode(&config, JSON_COMPACT, &text);
	buf_addc(&text, '\n');
	return io_publish_file(
		c->container.dir, "bundle/config.json", text.data, text.len, 0600, 0, err);
}

static void plan_config(struct creation *c)
{
	struct plan *p = &c->engine->plan;
	const char *bundle = engine_root_path(c->engine, "containers/%s/bundle", c->id);
	const char *rootfs = arena_printf(&p->arena, "%s/rootfs", bundle);
	const struct strings *groups = &c->docker.host_config.group_add;
	own_buf struct buf options = {0};
	struct step *s = plan_program(p, "kist-store", "mount", c->id, rootfs, "--", "kist-spec",
		"config", "--image", c->request->image, "--rootfs", rootfs, NULL);

	if (c->user && *c->user)
		step_add2(p, s, "--user", c->user);
	for (size_t i = 0; i < groups->count; i++)
		step_add2(p, s, "--group-add", groups->items[i]);
	step_add2(p, s, "--options", "-");
	json_write(schema_encode(&config_options_schema, &c->options, &c->engine->arena),
		JSON_COMPACT, &options);
	s->input = arena_strdup(&p->arena, buf_str(&options));
	s->output_file = arena_printf(&p->arena, "%s/config.json", bundle);
	s->call = make_config;
	s->arg = c;
}

/*
 * Only in a script for an image that has yet to be pulled: what this plan does not know of it must
 * not matter, or the script stops.
 */
static void plan_guard(struct creation *c)
{
	struct step *s;

	if (c->image)
		return;
	s = plan_shell(&c->engine->plan,
		arena_printf(&c->engine->arena,
			"case $(kist-store inspect %s | tr -d ' \\t\\n') in *'\"Volumes\":{\"'*)\n"
			"\techo 'the image declares volumes: make this plan again, now that it is here' "
			">&2; failed ;;\nesac",
			c->request->image));
	s->comment = "made before the image was here";
}

static int choose_name(struct creation *c, struct err *err)
{
	struct engine *e = c->engine;
	char name[NAMES_MAX];
	unsigned seed = 0;

	stored_container_new_id(c->id);
	c->name = c->request->name;
	if (c->name && !name_valid(c->name))
		return err_set(err, E_USAGE,
			"Invalid container name (%s), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed",
			c->name);
	if (c->name)
		return 0;
	if (getrandom(&seed, sizeof(seed), 0) < 0)
		return err_errno(err, "cannot choose a name");
	seed %= 10000; /* a number is added only when the first names are taken */
	do {
		names_generate(seed++, name);
	} while (e->store && faccessat(e->store->names, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0);
	c->name = arena_strdup(&e->arena, name);
	return 0;
}

/* The file must not be there: another container's id may be in it. */
static int plan_cidfile(struct creation *c, struct err *err)
{
	own_mem char *path = path_absolute(c->docker.host_config.container_id_file);

	if (access(path, F_OK) == 0)
		return err_set(err, E_EXISTS,
			"container ID file found, make sure the other container isn't running or delete %s",
			path);
	plan_file(&c->engine->plan, path, 0644, c->id);
	return 0;
}

int creation_plan(
	struct creation *c, struct engine *e, const struct create_request *request, struct err *err)
{
	c->engine = e;
	c->request = request;
	c->docker.host_config = request->host;
	if (choose_name(c, err) < 0)
		return -err->code;
	merge_config(c);
	set_command(c);
	if (c->image && !*c->docker.path)
		return err_set(err, E_USAGE, "no command specified");
	if (merge_ports(c, err) < 0 || set_network(c, err) < 0 || creation_mounts(c, err) < 0 ||
		creation_options(c, err) < 0)
		return -err->code;
	plan_variable(&e->plan, "id", c->id);
	plan_variable(&e->plan, "dir", engine_root_path(e, "containers/%s", c->id));
	plan_variable(&e->plan, "run", engine_run_path(e, "containers/%s", c->id));
	plan_guard(c);
	plan_container(c);
	creation_plan_volumes(c);
	plan_config(c);
	if (request->host.container_id_file && *request->host.container_id_file)
		return plan_cidfile(c, err);
	return 0;
}
