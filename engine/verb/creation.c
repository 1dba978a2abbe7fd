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
#include "engine/verb/subject.h"
#include "lib/io.h"
#include "lib/own.h"
#include "lib/path.h"
#include "lib/spawn.h"
#include "lib/userns.h"
#include "spec/user_files.h"

/* ---- the request and the image, translated ---- */

/* The embedded image greets where nothing can be set up, too: it needs no network. */
static bool is_hello(const struct creation *c)
{
	return c->image ? strcmp(c->image->entry.id.text, HELLO_IMAGE_ID) == 0
			: creation_is_hello(c->engine, c->request->body.config.image);
}

static int check_machine(struct creation *c, struct err *err)
{
	const struct network_wish *w = &c->translation.wish;
	const char *runtime = c->docker.host_config.runtime;
	own_mem char *path = NULL;

	if (program_find(runtime, &path, &(struct err){0}) < 0)
		return err_set(err, E_USAGE, "unknown or invalid runtime name: %.200s", runtime);
	if (w->endpoints.count && userns_rootless())
		return err_set(err, E_DENIED,
			"networks and published ports need root: run as root, or with --network host "
			"or none");
	if (network_known(c->engine, c->docker.host_config.network_mode, err) < 0)
		return -err->code;
	for (size_t i = 0; i < w->endpoints.count; i++)
		if (network_known(c->engine, w->endpoints.items[i].network, err) < 0)
			return -err->code;
	for (size_t i = 0; i < c->translation.mounts.count; i++) {
		const struct mount_wish *m = &c->translation.mounts.items[i].wish;

		if (m->kind == MOUNT_BIND && m->source && !m->make_source &&
			access(m->source, F_OK) < 0)
			return err_set(err, E_NOT_FOUND,
				"invalid mount config for type \"bind\": bind source path does not exist: "
				"%.300s",
				m->source);
	}
	return 0;
}

static int translate_request(struct creation *c, struct err *err)
{
	struct engine *e = c->engine;
	struct translate_context context = {
		.id = c->id,
		.name = c->name,
		.image_name = c->request->body.config.image,
		.image = c->image ? &c->image->config : NULL,
		.no_network = is_hello(c),
		.directory = engine_root_path(e, "containers/%s", c->id),
		.volumes = engine_root_path(e, "volumes"),
		.netns = engine_run_path(e, "netns/%s", c->id),
		/* its monitor's */
		.held = engine_run_path(e, "containers/%s/lock", c->id),
		.cgroup_parent = e->cgroup_parent,
		.no_limits = userns_rootless(),
		.arena = &e->arena,
	};

	if (creation_inherited(c, &context, err) < 0 ||
		translate(&context, &c->request->body, &c->translation, err) < 0)
		return -err->code;
	c->docker = c->translation.docker;
	if (check_machine(c, err) < 0)
		return -err->code;
	if (c->translation.wish.endpoints.count)
		c->docker.network = schema_encode(
			&network_wish_schema, &c->translation.wish, &e->arena);
	for (size_t i = 0; i < c->translation.warnings.count; i++)
		plan_notice(&e->plan, "WARNING: %s", c->translation.warnings.items[i]);
	return 0;
}

/* ---- the steps ---- */

static void plan_container(struct creation *c)
{
	struct plan *p = &c->engine->plan;
	own_buf struct buf words = {0};
	struct step *s;

	json_write(schema_encode(&docker_container_schema, &c->docker, &c->engine->arena),
		JSON_COMPACT, &words);
	s = plan_program(p, "kist-store", "create", "--unfinished", "--name", c->name, "--engine",
		"-", NULL);
	/* one that goes when it ends need not survive a power cut */
	if (c->docker.host_config.auto_remove)
		step_add(p, s, "--no-sync");
	for (size_t i = 0; i < c->docker.mounts.count; i++)
		if (c->docker.mounts.items[i].anonymous)
			step_add2(p, s, "--volume", c->docker.mounts.items[i].name);
	step_add(p, s, c->id);
	step_add(p, s, c->request->body.config.image);
	s->input = arena_strdup(&p->arena, buf_str(&words));
	s->flags = STEP_QUIET;
	plan_program(p, "kist-store", "rm", c->id, NULL);
	plan_make_undo(p);
}

static void plan_config(struct creation *c)
{
	struct plan *p = &c->engine->plan;
	const char *bundle = engine_root_path(c->engine, "containers/%s/bundle", c->id);
	const char *rootfs = arena_printf(&p->arena, "%s/rootfs", bundle);
	const struct strings *groups = &c->docker.host_config.group_add;
	own_buf struct buf options = {0};
	struct step *s = plan_program(p, "kist-store", "mount", c->id, rootfs, "--", "kist-spec",
		"config", "--compact", "--image", c->request->body.config.image, "--rootfs", rootfs,
		NULL);

	if (c->translation.user && *c->translation.user)
		step_add2(p, s, "--user", c->translation.user);
	for (size_t i = 0; i < groups->count; i++)
		step_add2(p, s, "--group-add", groups->items[i]);
	step_add2(p, s, "--options", "-");
	json_write(
		schema_encode(&config_options_schema, &c->translation.options, &c->engine->arena),
		JSON_COMPACT, &options);
	s->input = arena_strdup(&p->arena, buf_str(&options));
	s->output_file = arena_printf(&p->arena, "%s/config.json", bundle);
}

/* All of it is there: who is killed before this has made no container. */
static void plan_finish(struct creation *c)
{
	struct plan *p = &c->engine->plan;
	struct step *s = plan_program(p, "kist-store", "finish", NULL);

	if (c->docker.host_config.auto_remove)
		step_add(p, s, "--no-sync");
	step_add(p, s, c->id);
}

static int choose_name(struct creation *c, struct err *err)
{
	struct engine *e = c->engine;
	char name[NAMES_MAX];
	unsigned seed = 0;

	stored_container_new_id(c->id);
	c->name = c->request->name;
	if (c->name && !name_valid(c->name)) {
		err->code = E_USAGE;
		return sentence_for(ABOUT_CONTAINER_NAME, c->name, err);
	}
	if (c->name)
		return 0;
	if (getrandom(&seed, sizeof(seed), 0) < 0)
		return err_errno(err, "cannot choose a name");
	seed %= 10000; /* a number is added only when the first names are taken */
	do {
		names_generate(seed++, name);
	} while (e->store && container_name_taken(e->store, name));
	c->name = arena_strdup(&e->arena, name);
	return 0;
}

/* The file must not be there: another container's id may be in it. */
static int plan_cidfile(struct creation *c, struct err *err)
{
	own_mem char *path = path_absolute(c->request->cidfile);

	if (access(path, F_OK) == 0)
		return err_set(err, E_EXISTS,
			"container ID file found, make sure the other container isn't running or delete %s",
			path);
	plan_file(&c->engine->plan, path, 0644, c->id)->flags = STEP_EXCLUSIVE;
	return 0;
}

int creation_plan(
	struct creation *c, struct engine *e, const struct create_request *request, struct err *err)
{
	c->engine = e;
	c->request = request;
	if (choose_name(c, err) < 0 || translate_request(c, err) < 0)
		return -err->code;
	plan_variable(&e->plan, "id", c->id);
	plan_variable(&e->plan, "dir", engine_root_path(e, "containers/%s", c->id));
	plan_variable(&e->plan, "run", engine_run_path(e, "containers/%s", c->id));
	plan_container(c);
	creation_plan_volumes(c);
	plan_config(c);
	plan_finish(c);
	if (request->cidfile && *request->cidfile)
		return plan_cidfile(c, err);
	return 0;
}

int creation_do(struct creation *c, struct sink *sink, struct err *err)
{
	int r = engine_do(c->engine, sink, err);

	return r == -E_EXISTS ? subject_name_taken(c->engine, c->name, c->id, err) : r;
}
