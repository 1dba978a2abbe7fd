/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/translate.h"

#include <string.h>
#include <unistd.h>

#include "engine/docker/body.h"
#include "engine/docker/publish.h"
#include "engine/docker/unique.h"
#include "engine/verb/translate_parts.h"
#include "lib/env.h"
#include "lib/own.h"

#define SHM_SIZE (64 << 20)

static bool is_set(const char *text)
{
	return text && *text;
}

static const struct image_execution *image_of(const struct translate_context *c)
{
	static const struct image_execution nothing;

	return c->image ? &c->image->config : &nothing;
}

/* An image's lists are as long as its author likes; each entry costs us something. */
static int check_image(const struct translate_context *c, struct err *err)
{
	const struct image_execution *x = image_of(c);
	const char *whose = arena_printf(c->arena, "image '%s'", c->image_name);
	const struct {
		const char *member;
		size_t count, max;
	} lists[] = {{"Volumes", x->volumes.count, DOCKER_VOLUMES_MAX},
		{"Env", x->env.count, DOCKER_ENV_MAX},
		{"ExposedPorts", x->exposed_ports.count, DOCKER_PORTS_MAX},
		{"Labels", x->labels.count, DOCKER_LABELS_MAX}};

	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		if (docker_check_count(whose, lists[i].member, lists[i].count, lists[i].max, err) <
			0)
			return -err->code;
	return 0;
}

/* moby's daemon: merge() in daemon/commit.go's words, [""] stands for no entrypoint. */
static void merge_command(const struct image_execution *image, struct docker_config *d)
{
	if (!d->entrypoint.count && !d->cmd.count)
		d->cmd = image->cmd;
	if (!d->entrypoint.count && !d->entrypoint.items)
		d->entrypoint = image->entrypoint;
	if (d->entrypoint.count == 1 && !*d->entrypoint.items[0])
		d->entrypoint.count = 0;
}

static void merge_labels(const struct string_map *image, struct string_map *labels, struct arena *a)
{
	const struct string_map *from[] = {image, labels};
	struct string_map all = {
		.items = arena_array(a, image->count + labels->count, sizeof(*all.items))};

	for (size_t i = 0; i < ARRAY_LEN(from); i++)
		for (size_t j = 0; j < from[i]->count; j++)
			all.items[all.count++] = from[i]->items[j];
	unique_pairs(&all);
	*labels = all;
}

static struct strings joined(const struct strings *one, const struct strings *two, struct arena *a)
{
	const struct strings *from[] = {one, two};
	struct strings all = {0};

	for (size_t i = 0; i < ARRAY_LEN(from); i++)
		for (size_t j = 0; j < from[i]->count; j++)
			strings_add(a, &all, from[i]->items[j]);
	unique_strings(&all);
	return all;
}

static void set_command(struct docker_container *d, struct arena *a)
{
	struct strings words = {0};

	for (size_t i = 0; i < d->config.entrypoint.count; i++)
		strings_add(a, &words, d->config.entrypoint.items[i]);
	for (size_t i = 0; i < d->config.cmd.count; i++)
		strings_add(a, &words, d->config.cmd.items[i]);
	d->path = words.count ? words.items[0] : "";
	if (words.count > 1)
		d->args = (struct strings){words.items + 1, words.count - 1};
}

static const char *or_default(const char *text, const char *otherwise)
{
	return is_set(text) ? text : otherwise;
}

/* What docker's engine fills in, so that inspect shows what holds. */
static void set_defaults(
	const struct translate_context *c, struct docker_host_config *h, struct arena *a)
{
	h->log_config.type = or_default(h->log_config.type, "json-file");
	h->restart_policy.name = or_default(h->restart_policy.name, "no");
	h->network_mode = or_default(h->network_mode, "default");
	h->ipc_mode = or_default(h->ipc_mode, "private");
	h->cgroupns_mode = or_default(h->cgroupns_mode, h->privileged ? "host" : "private");
	h->runtime = or_default(h->runtime, "kist-runtime");
	if (!h->shm_size)
		h->shm_size = SHM_SIZE;
	if (h->memory < 0)
		h->memory = 0;
	if (h->memory && !h->memory_swap)
		h->memory_swap = 2 * h->memory;
	/* -1 is how docker's client of old says nothing */
	if (h->memory_swappiness && *h->memory_swappiness < 0)
		h->memory_swappiness = NULL;
	if (!h->pids_limit || *h->pids_limit == 0) {
		h->pids_limit = arena_alloc(a, sizeof(*h->pids_limit));
		*h->pids_limit = c->no_limits ? -1 : TRANSLATE_PIDS_LIMIT;
	}
}

/* Config: the image's and the body's together; what is executed; docker's defaults of HostConfig.
 */
static int translate_config(const struct translate_context *c, const struct docker_body *body,
	struct translation *t, struct err *err)
{
	const struct image_execution *image = image_of(c);
	struct docker_config *d = &t->docker.config;
	struct arena *a = c->arena;
	struct strings env = image->env;

	if (check_image(c, err) < 0)
		return -err->code;
	*d = body->config;
	t->docker.host_config = body->host;
	t->docker.networking = body->networking;
	merge_command(image, d);
	env_merge(&env, &d->env, a);
	d->env = env;
	merge_labels(&image->labels, &d->labels, a);
	d->exposed_ports = joined(&image->exposed_ports, &d->exposed_ports, a);
	d->volumes = joined(&image->volumes, &d->volumes, a);
	d->working_dir = or_default(d->working_dir, image->working_dir);
	d->user = or_default(d->user, image->user);
	d->stop_signal = or_default(d->stop_signal, image->stop_signal);
	if (!d->shell.count)
		d->shell = image->shell;
	if (!d->on_build.count)
		d->on_build = image->on_build;
	t->user = d->user;
	set_command(&t->docker, a);
	set_defaults(c, &t->docker.host_config, a);
	if (c->image && !*t->docker.path)
		return err_set(err, E_USAGE, "no command specified");
	if (image->healthcheck && image->healthcheck->test.count && !d->healthcheck &&
		strcmp(image->healthcheck->test.items[0], "NONE") != 0)
		strings_add(a, &t->warnings,
			"The image's health check is not run: kist does not check health yet");
	return 0;
}

int translate(const struct translate_context *c, const struct docker_body *body,
	struct translation *t, struct err *err)
{
	*t = (struct translation){0};
	if (docker_body_check(body, err) < 0 || translate_config(c, body, t, err) < 0 ||
		translate_network(c, body, t, err) < 0 || translate_mounts(c, body, t, err) < 0)
		return -err->code;
	return translate_options(c, body, t, err);
}
